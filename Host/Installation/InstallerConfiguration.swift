package import HostAPI
package import Manifests
package import Packages
package import Store

extension Installer {
    /// What an installer works with.
    package struct Configuration: Sendable {
        package var layout: InstallationLayout
        package var ledger: Ledger
        package var runner: any PluginRunner
        /// Nil: nothing can be installed by its id alone.
        package var catalogue: (any PackageCatalogue)?
        /// For how long a version that replaces one that ran has to run.
        package var healthWindow: Duration = .seconds(10)
        /// For how long settings and data of an uninstalled plugin are kept.
        package var keptFor: Duration = .seconds(30 * 24 * 3_600)
        package var hostVersion: String = hearthVersion
        /// The PluginAPI of this host.
        package var abi = ABIVersion(major: 1, minor: 0)
        /// The copies of a plugin that lie in `plugins.d` now. An uninstallation has them ignored.
        package var copies: @Sendable (_ plugin: String) async -> [DropInRecord] = { _ in [] }
        package var now: @Sendable () -> Timestamp = { .now }
        /// Told at each step how the change is.
        package var progress: @Sendable (Change) -> Void = { _ in }
        /// Called before and after each task. What it throws counts as the task's failure.
        package var checkpoint: @Sendable (Checkpoint) async throws -> Void = { _ in }

        package init(
            layout: InstallationLayout,
            ledger: Ledger,
            runner: any PluginRunner,
            catalogue: (any PackageCatalogue)? = nil
        ) {
            self.layout = layout
            self.ledger = ledger
            self.runner = runner
            self.catalogue = catalogue
        }
    }

    /// A moment between two tasks of a change.
    package struct Checkpoint: Sendable, Hashable {
        package enum Moment: String, Sendable, CaseIterable {
            case beforeDoing = "before-doing"
            case afterDoing = "after-doing"
            case beforeUndoing = "before-undoing"
            case afterUndoing = "after-undoing"
            /// All tasks are done or undone; only the record of it is missing.
            case beforeEnding = "before-ending"
        }

        package var change: Int64
        /// Empty before the end.
        package var task: String
        package var moment: Moment
    }
}
