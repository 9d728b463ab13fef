import Glibc
import HostAPI
import Installation
import Reconcile
import Store

/// Finds out how things are: what the store holds, and what the workers have said about themselves.
struct Observation: Sendable {
    let layout: InstallationLayout
    let board: PluginBoard
    /// The change of that plugin that is under way.
    let openChange: @Sendable (String) -> Int64?

    /// - Parameter plugins: Only these; nil: all that the store or the board knows.
    /// - Returns: By plugin.
    /// - Throws: If the store cannot be read: unreadable is not empty.
    func states(of plugins: Set<String>?) throws(Failure) -> [String: ObservedState] {
        var states: [String: ObservedState] = [:]
        for (id, entry) in board.entries where plugins?.contains(id) ?? true {
            // A package in the drop-in directory that is not installed is not a plugin yet.
            guard entry.isInstalled else { continue }
            states[id] = entry.observed
        }
        let names = if let plugins { Array(plugins) } else { try Self.names(in: layout.store) }
        for id in names where PluginID(id) != nil {
            let directories = try Self.names(in: layout.store(of: id))
            guard !directories.isEmpty || states[id] != nil else { continue }
            states[id, default: ObservedState()].directories = directories
        }
        for id in states.keys { states[id]?.openChange = openChange(id) }
        return states
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
