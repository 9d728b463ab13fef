package import HostAPI
import Synchronization

/// All devices of all plugins, by id, with handles that are unique within their plugin.
package final class DeviceRegistry: Sendable {
    fileprivate struct State {
        /// Plugin → device id → device.
        var devices: [String: [String: Device]] = [:]
        /// Plugin → handle → device id.
        var handles: [String: [String: String]] = [:]
    }

    private let state = Mutex(State())

    package init() {}

    /// Adds or replaces a device; availability is kept.
    ///
    /// - Returns: The device as it stands now, and whether anything about it is new.
    package func put(_ device: Device) -> (device: Device, isChanged: Bool) {
        state.withLock { state in
            var device = device
            let old = state.devices[device.plugin]?[device.id]
            if let old {
                device.availability = old.availability
                device.reason = old.reason
            }
            device.handle = state.handle(for: device, before: old)
            state.devices[device.plugin, default: [:]][device.id] = device
            return (device, device != old)
        }
    }

    package func remove(_ id: String, ofPlugin plugin: String) -> Device? {
        state.withLock { state in
            guard let device = state.devices[plugin]?.removeValue(forKey: id) else { return nil }
            state.handles[plugin]?.removeValue(forKey: device.handle)
            return device
        }
    }

    /// - Returns: The device if its availability or the reason is new.
    package func setAvailability(
        _ availability: Availability,
        reason: String,
        of id: String,
        ofPlugin plugin: String
    ) -> Device? {
        state.withLock { state in
            guard var device = state.devices[plugin]?[id],
                device.availability != availability || device.reason != reason
            else { return nil }
            device.availability = availability
            device.reason = reason
            state.devices[plugin]?[id] = device
            return device
        }
    }

    /// Nobody knows how the devices of a plugin are while it does not run.
    package func forgetAvailability(ofPlugin plugin: String) {
        state.withLock { state in
            for id in state.devices[plugin, default: [:]].keys {
                state.devices[plugin]?[id]?.availability = .unknown
                state.devices[plugin]?[id]?.reason = ""
            }
        }
    }

    /// All devices, or a plugin's, by plugin and name.
    package func devices(ofPlugin plugin: String? = nil) -> [Device] {
        let devices = state.withLock { state in
            if let plugin { return Array(state.devices[plugin, default: [:]].values) }
            return state.devices.values.flatMap(\.values)
        }
        return devices.sorted { ($0.plugin, $0.name, $0.id) < ($1.plugin, $1.name, $1.id) }
    }

    package func count(ofPlugin plugin: String) -> Int {
        state.withLock { $0.devices[plugin]?.count ?? 0 }
    }

    package func handle(of id: String, ofPlugin plugin: String) -> String? {
        state.withLock { $0.devices[plugin]?[id]?.handle }
    }

    /// The device that a user means: by id, handle or name.
    ///
    /// - Throws: `no-such-device`, with the nearest name; `invalid-argument` if the name fits several.
    package func find(_ text: String, ofPlugin plugin: String) throws(Failure) -> Device {
        let devices = state.withLock { Array($0.devices[plugin, default: [:]].values) }
        if let device = devices.first(where: { $0.id == text }) ?? devices.first(where: { $0.handle == text }) {
            return device
        }
        let named = devices.filter { $0.name.lowercased() == text.lowercased() }
        if let device = named.first {
            guard named.count == 1 else {
                throw Failure(
                    .invalidArgument,
                    "\(named.count) devices of \(plugin) are called \"\(text)\"",
                    hint: "use one of: " + named.map(\.handle).sorted().joined(separator: ", ")
                )
            }
            return device
        }
        throw Failure(
            .noSuchDevice,
            "\(plugin) has no device \"\(text)\"",
            hint: Suggestion.nearest(to: text, among: devices.map(\.handle)).map { "did you mean \"\($0)\"?" }
                ?? "`hostctl devices \(plugin)` shows them"
        )
    }
}

extension DeviceRegistry.State {
    /// A handle that no other device of the plugin has; one that the device has already is kept while its name is.
    fileprivate mutating func handle(for device: Device, before old: Device?) -> String {
        if let old {
            if old.name == device.name { return old.handle }
            handles[device.plugin]?.removeValue(forKey: old.handle)
        }
        let base = deviceHandle(forName: device.name)
        let plain = base.isEmpty ? deviceHandle(forName: device.id) : base
        let taken = handles[device.plugin, default: [:]]
        var handle = plain
        var number = 2
        while let owner = taken[handle], owner != device.id {
            handle = "\(plain)-\(number)"
            number += 1
        }
        handles[device.plugin, default: [:]][handle] = device.id
        return handle
    }
}
