import HomeFile
import HostAPI
import Store

/// What a desired-state file owns is not changed past it.
struct Ownership: Sendable {
    let services: PluginServices

    /// Refuses what a file owns.
    ///
    /// - Parameters:
    ///   - pointers: What is to change: `/enabled`, `/settings/poll_interval`.
    ///   - plugin: Whose.
    ///   - isOverriding: The user knows, and wants it all the same: the keys count as overridden from now on.
    /// - Throws: `denied`, naming file and line.
    func permit(_ pointers: [String], of plugin: String, isOverriding: Bool = false) async throws(Failure) {
        let rows = try await services.ask { database throws(StoreError) in
            try database.ownedKeys(ofPlugin: plugin)
        }
        guard let file = rows.first?.file else { return }
        let keys = rows.map { HomeFile.OwnedKey(plugin: $0.plugin, pointer: $0.pointer, line: $0.line) }
        guard isOverriding else {
            let canOverride = pointers.contains { $0.hasPrefix("/settings") }
            let refusal = keys.refusal(
                ofChanging: pointers,
                plugin: plugin,
                file: file,
                hint: canOverride
                    ? "change it in that file, or repeat the command with --override" : "change it in that file"
            )
            if let refusal { throw refusal }
            return
        }
        let touched = keys.owners(of: pointers, plugin: plugin).map(\.pointer)
        try await services.ask { database throws(StoreError) in
            for pointer in touched { try database.setOverridden(true, plugin: plugin, pointer: pointer) }
        }
    }

    /// The keys of a change of what is installed.
    static func pointers(of request: ChangeRequest) -> [String] {
        switch request.kind {
        case .install, .upgrade, .rollback, .link: ["/version"]
        case .uninstall: ["/version", "/enabled", "/pinned", "/settings"]
        case .pin, .unpin: ["/pinned"]
        default: []
        }
    }
}
