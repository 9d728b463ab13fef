package import HostAPI
import Manifests

extension HomeFile {
    /// A key that the file says, and so owns.
    package struct OwnedKey: Sendable, Equatable {
        /// Empty for the host itself.
        package var plugin: String
        /// A JSON pointer: `/enabled`, `/version`, `/settings/poll_interval`.
        package var pointer: String
        /// From 1.
        package var line: Int

        package init(plugin: String, pointer: String, line: Int) {
            self.plugin = plugin
            self.pointer = pointer
            self.line = line
        }
    }

    /// Everything that is the file's to say. A plugin whose `source` alone is given has an owned version too.
    package var ownedKeys: [OwnedKey] {
        var keys: [OwnedKey] = []
        if let registry { keys.append(OwnedKey(plugin: "", pointer: "/registry", line: registry.line)) }
        for plugin in plugins {
            func own(_ pointer: String, _ line: Int?) {
                if let line { keys.append(OwnedKey(plugin: plugin.id.text, pointer: pointer, line: line)) }
            }
            own("/absent", plugin.isAbsent ? plugin.line : nil)
            own("/version", plugin.version?.line ?? plugin.source?.line)
            own("/enabled", plugin.isEnabled?.line)
            own("/pinned", plugin.isPinned?.line)
            for setting in plugin.ownedSettings { own("/settings" + setting.pointer, setting.mark.line) }
        }
        return keys
    }

    /// As `owners(of:plugin:)` of the keys.
    package func owners(of pointers: [String], plugin: String) -> [OwnedKey] {
        ownedKeys.owners(of: pointers, plugin: plugin)
    }

    /// As `refusal(ofChanging:plugin:file:)` of the keys.
    package func refusal(ofChanging pointers: [String], plugin: String) -> Failure? {
        ownedKeys.refusal(ofChanging: pointers, plugin: plugin, file: file)
    }
}

extension [HomeFile.OwnedKey] {
    /// The keys of the file that a change touches: those that it changes, what they are in, and what is in them.
    ///
    /// - Parameters:
    ///   - pointers: What is to change: `/enabled`, `/settings/poll_interval`.
    ///   - plugin: Whose; empty for the host itself.
    /// - Returns: In the order of the file.
    package func owners(of pointers: [String], plugin: String) -> [HomeFile.OwnedKey] {
        filter { key in
            key.plugin == plugin && pointers.contains { $0.isWithin(key.pointer) || key.pointer.isWithin($0) }
        }
    }

    /// Why a change is not the user's to make; nil if it is.
    ///
    /// - Parameters:
    ///   - pointers: What is to change.
    ///   - plugin: Whose; empty for the host itself.
    ///   - file: The file's name, for the message.
    ///   - hint: What the user can do.
    /// - Returns: A failure of code `denied` that names file and line.
    package func refusal(
        ofChanging pointers: [String],
        plugin: String,
        file: String,
        hint: String = "change it in that file, or repeat the command with --override"
    ) -> Failure? {
        let owners = owners(of: pointers, plugin: plugin)
        guard !owners.isEmpty else { return nil }
        let whose = plugin.isEmpty ? "" : " of \(plugin)"
        let names = owners.map { "\($0.pointer)\(whose) belongs to \(file):\($0.line)" }
        return Failure(.denied, names.joined(separator: "; "), hint: hint)
    }
}

extension String {
    /// For JSON pointers: whether this one names the same place as the other, or one inside of it.
    func isWithin(_ other: String) -> Bool { self == other || hasPrefix(other + "/") }
}
