import Glibc
import HostAPI
import Installation
import Manifests
import Reconcile
import Store

/// Finds out how things are: what the store holds, and what the workers have said about themselves.
struct Observation: Sendable {
    let layout: InstallationLayout
    let board: PluginBoard
    /// The changes that are under way, by plugin.
    let openChanges: @Sendable () -> [String: Int64]

    /// - Parameters:
    ///   - plugins: Only these; nil: all that the store or the board knows.
    ///   - active: By plugin, the directory that shall be in the store. Where it is, nothing else is looked for: a pass
    ///     over thousands of plugins costs one call of the system for each.
    /// - Returns: By plugin.
    /// - Throws: If the store cannot be read: unreadable is not empty.
    func states(of plugins: Set<String>?, active: [String: String]) throws(Failure) -> [String: ObservedState] {
        var states: [String: ObservedState] = [:]
        states.reserveCapacity(active.count)
        for (id, entry) in board.entries where plugins?.contains(id) ?? true {
            // A package in the drop-in directory that is not installed is not a plugin yet.
            guard entry.isInstalled else { continue }
            states[id] = entry.observed
        }
        let names = if let plugins { Array(plugins) } else { try Self.names(in: layout.store) }
        // Names from there on: the way to the store is gone once, not ten thousand times.
        let store = open(layout.store, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        defer { close(store) }
        for id in names {
            if let directory = active[id], faccessat(store, "\(id)/\(directory)", R_OK, 0) == 0 {
                states[id, default: ObservedState()].directories = [directory]
                continue
            }
            guard PluginID(id) != nil else { continue }
            let directories = try Self.names(in: layout.store(of: id))
            guard !directories.isEmpty || states[id] != nil else { continue }
            states[id, default: ObservedState()].directories = directories
            // What nobody runs has nobody who would have noticed that it cannot be.
            if states[id]?.activity == .absent { states[id]?.damage = damage(of: id, directories) }
        }
        for (id, change) in openChanges() where states[id] != nil { states[id]?.openChange = change }
        return states
    }

    /// Why none of the directories could be taken up; nil if one can.
    private func damage(of plugin: String, _ directories: [String]) -> String? {
        var reason: String?
        for directory in directories {
            do throws(PackageError) {
                let manifest = try PackageDirectory.readManifest("\(layout.store(of: plugin))/\(directory)")
                if manifest.id.text == plugin { return nil }
                reason = reason ?? "\(directory) says that it is \(manifest.id)"
            } catch {
                reason = reason ?? error.description
            }
        }
        return reason
    }

    /// What lies in a directory; nothing if there is none.
    private static func names(in directory: String) throws(Failure) -> [String] {
        guard let handle = opendir(directory) else {
            if errno == ENOENT { return [] }
            throw Failure(SystemError(operation: "read \(directory)", number: errno))
        }
        defer { closedir(handle) }
        var names: [String] = []
        errno = 0
        while let entry = readdir(handle) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
            errno = 0
        }
        guard errno == 0 else { throw Failure(SystemError(operation: "read \(directory)", number: errno)) }
        return names
    }
}

extension PluginBoard.Entry {
    /// What the one who runs the plugin knows.
    fileprivate var observed: ObservedState {
        ObservedState(
            damage: damage,
            worker: report,
            activity: Activity(summary.state, message: summary.message, isStoppedByUser: isStoppedByUser),
            isEnabled: summary.isEnabled
        )
    }
}
