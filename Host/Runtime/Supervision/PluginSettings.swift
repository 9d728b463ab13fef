package import HostAPI
package import Store

/// The settings of a plugin that are in force.
package struct PluginSettings: Sendable, Equatable {
    /// 0: never saved.
    package var revision: Int64
    /// What the user set, without defaults.
    package var saved: JSONValue

    package init(revision: Int64 = 0, saved: JSONValue = .object([:])) {
        self.revision = revision
        self.saved = saved
    }

    /// What is stored; nil: nothing was ever saved.
    package init(_ stored: SettingsRevision?) {
        self.init(revision: stored?.revision ?? 0, saved: stored?.document ?? .object([:]))
    }
}
