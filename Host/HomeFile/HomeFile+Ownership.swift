import HostAPI
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
}
