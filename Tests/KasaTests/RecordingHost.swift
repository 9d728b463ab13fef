import PluginAPI
import Synchronization

@testable import PluginKit

/// A host that remembers what the plugin tells it: the other side of the C tables that a device plugin needs.
final class RecordingHost: Sendable {
    struct Record: Sendable {
        var log: [String] = []
        var readings: [Reading] = []
        var devices: [String: JSON] = [:]
        var removed: [String] = []
        /// The last one of each device: `online`, or `offline: ` and the reason.
        var availability: [String: String] = [:]
        var availabilityChanges: [String] = []
        /// Those that stand, by key.
        var alerts: [String: String] = [:]
        var alertChanges: [String] = []
        var state: [String: String] = [:]
        var status = ""

        /// The latest value of a device's entity.
        func latest(_ device: String, _ entity: String) -> Reading.Value? {
            readings.last { $0.device == device && $0.entity == entity }?.value
        }
    }

    let scratch: ScratchDirectory
    private let recorded: Mutex<Record>
    // Written in init only, before anybody else sees it, and never freed: a late report of a plugin may still use it.
    nonisolated(unsafe) private let table: UnsafeMutablePointer<hearth_host>

    /// `state` is what was kept in an earlier life.
    init(state: [String: String] = [:]) throws {
        scratch = try ScratchDirectory()
        var record = Record()
        record.state = state
        recorded = Mutex(record)
        table = .allocate(capacity: 1)
        table.initialize(to: Self.makeTable(dataDirectory: scratch.path))
        table.pointee.context = Unmanaged.passRetained(self).toOpaque()
    }

    var host: Host { Host(HostLink(table)) }

    var record: Record { recorded.withLock(\.self) }

    fileprivate func change(_ body: (inout Record) -> Void) -> hearth_status {
        recorded.withLock { body(&$0) }
        return hearth_status(HEARTH_OK)
    }

    fileprivate static func of(_ host: UnsafePointer<hearth_host>) -> RecordingHost {
        guard let context = host.pointee.context else { preconditionFailure("a table without its host") }
        return Unmanaged<RecordingHost>.fromOpaque(context).takeUnretainedValue()
    }

    private static func makeTable(dataDirectory: String) -> hearth_host {
        let path = UnsafeMutableBufferPointer<CChar>.allocate(capacity: dataDirectory.utf8.count)
        _ = path.initialize(from: dataDirectory.utf8.map { CChar(bitPattern: $0) })
        let directory = hearth_string(data: UnsafePointer(path.baseAddress), size: path.count)
        return hearth_host(
            struct_size: UInt32(MemoryLayout<hearth_host>.size),
            abi_major: UInt32(HEARTH_ABI_MAJOR),
            abi_minor: UInt32(HEARTH_ABI_MINOR),
            reserved: 0,
            context: nil,
            data_directory: directory,
            package_directory: directory,
            complete: { _, _, _, _, _ in },
            extension: { _, id in tables[String(id)]?.pointer }
        )
    }
}

/// Written once, read by many: safe to share.
private struct Table: @unchecked Sendable {
    let pointer: UnsafeRawPointer

    init<T>(_ table: T) {
        let place = UnsafeMutablePointer<T>.allocate(capacity: 1)
        place.initialize(to: table)
        pointer = UnsafeRawPointer(place)
    }
}

private func size<T>(_ type: T.Type) -> UInt32 { UInt32(MemoryLayout<T>.size) }

private let tables: [String: Table] = [
    HEARTH_EXTENSION_LOG: Table(
        hearth_log(
            struct_size: size(hearth_log.self),
            reserved: 0,
            level: { _ in Int32(HEARTH_LOG_DEBUG) },
            write: { host, level, message, _ in
                let line = "\(["debug", "info", "warning", "error", "critical"][Int(level)]): \(String(message))"
                _ = RecordingHost.of(host).change { $0.log.append(line) }
            }
        )
    ),
    HEARTH_EXTENSION_READINGS: Table(
        hearth_readings(
            struct_size: size(hearth_readings.self),
            reserved: 0,
            publish: { host, readings, count in
                let copies = (0..<count).map { Reading(readings[$0]) }
                return RecordingHost.of(host).change { $0.readings += copies }
            }
        )
    ),
    HEARTH_EXTENSION_DEVICES: Table(
        hearth_devices(
            struct_size: size(hearth_devices.self),
            reserved: 0,
            put: { host, text in
                let device = (try? JSON(parsing: String(text))) ?? .null
                return RecordingHost.of(host).change { $0.devices[device["id"].text ?? ""] = device }
            },
            remove: { host, id in
                let id = String(id)
                return RecordingHost.of(host).change { $0.removed.append(id) }
            },
            set_availability: { host, id, availability, reason in
                let id = String(id)
                let text = availability == HEARTH_DEVICE_ONLINE ? "online" : "offline: \(String(reason))"
                return RecordingHost.of(host).change { record in
                    record.availability[id] = text
                    record.availabilityChanges.append("\(id) \(text)")
                }
            }
        )
    ),
    HEARTH_EXTENSION_ALERTS: Table(
        hearth_alerts(
            struct_size: size(hearth_alerts.self),
            reserved: 0,
            raise: { host, key, _, title, detail in
                let (key, text) = (String(key), "\(String(title)): \(String(detail))")
                return RecordingHost.of(host).change { record in
                    record.alerts[key] = text
                    record.alertChanges.append("raise \(key)")
                }
            },
            clear: { host, key in
                let key = String(key)
                return RecordingHost.of(host).change { record in
                    record.alerts[key] = nil
                    record.alertChanges.append("clear \(key)")
                }
            }
        )
    ),
    HEARTH_EXTENSION_STATE: Table(
        hearth_state(
            struct_size: size(hearth_state.self),
            reserved: 0,
            get: { host, key, receive, context in
                guard let value = RecordingHost.of(host).record.state[String(key)] else {
                    return hearth_status(HEARTH_PERMANENT)
                }
                value.withHearthString { receive(context, $0) }
                return hearth_status(HEARTH_OK)
            },
            set: { host, key, value in
                let (key, value) = (String(key), String(value))
                return RecordingHost.of(host).change { $0.state[key] = value }
            },
            remove: { host, key in
                let key = String(key)
                return RecordingHost.of(host).change { $0.state[key] = nil }
            },
            flush: { _, _, _ in hearth_status(HEARTH_OK) }
        )
    ),
    HEARTH_EXTENSION_STATUS: Table(
        hearth_status_report(
            struct_size: size(hearth_status_report.self),
            reserved: 0,
            report: { host, _, text in
                let text = String(text)
                return RecordingHost.of(host).change { $0.status = text }
            }
        )
    ),
]

extension Reading {
    /// A copy of what a plugin lends.
    fileprivate init(_ reading: hearth_reading) {
        let value: Value =
            switch Int(reading.kind) {
            case HEARTH_READING_NUMBER: .number(reading.value)
            case HEARTH_READING_BOOLEAN: .boolean(reading.value != 0)
            case HEARTH_READING_TEXT: .text(String(reading.text))
            default: .unknown
            }
        self.init(String(reading.device), String(reading.entity), value, unit: String(reading.unit))
    }
}
