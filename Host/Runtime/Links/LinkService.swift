import HostAPI
import Installation
import Links
import Logging
import Packages
import Store
import Synchronization

/// Runs plugins from their authors' directories: each build there is installed as every package is, and the one before comes
/// back if the new one does not run.
final class LinkService: Sendable {
    private let services: PluginServices
    private let installer: Installer
    private let logger: Logger
    private let state = Mutex(State())

    private struct State {
        /// By plugin: what is watched.
        var watches: [String: (directory: String, watch: LinkWatch)] = [:]
        var isOver = false
        var assembled: UInt64 = 0
    }

    init(services: PluginServices, installer: Installer, logger: Logger) {
        self.services = services
        self.installer = installer
        self.logger = logger
    }

    func begin() async {
        for installed in (try? await services.installedPlugins()) ?? [] where installed.link != nil {
            follow(installed.id, installed.link, tellsWhatIsThere: true)
        }
    }

    func end() {
        state.withLock { state in
            state.isOver = true
            state.watches = [:]
        }
    }

    /// A change is over: what the plugin is linked to may be another directory now, or none.
    func changed(_ change: Change) {
        guard change.state == .done, [.link, .unlink, .install, .uninstall].contains(change.kind) else { return }
        Task {
            guard let installed = try? await services.installedPlugin(change.plugin) else {
                return follow(change.plugin, nil)
            }
            follow(change.plugin, installed.link)
        }
    }

    // MARK: Installing

    /// Installs what lies in the author's directory.
    func begin(_ request: ChangeRequest, author: String) async throws(Failure) -> ChangePlan {
        guard let directory = request.source else {
            throw Failure(.invalidArgument, "the directory to link is missing", hint: "hostctl link DIR")
        }
        let scratch = state.withLock { state in
            state.assembled += 1
            return "\(services.layout.installation.staging)/link-\(state.assembled)"
        }
        let linked = try await FileWork.run { () throws(Failure) -> LinkedPackage in
            let linked = try LinkedPackage.resolve(directory)
            try linked.assemble(into: scratch)
            return linked
        }
        var request = request
        request.source = scratch
        request.linkedDirectory = linked.directory
        let plan: ChangePlan
        do throws(Failure) {
            plan = try await installer.begin(request, author: author)
        } catch {
            remove(scratch)
            throw error
        }
        guard let change = plan.change else {
            remove(scratch)
            return plan
        }
        Task {
            _ = try? await installer.wait(for: change.number)
            remove(scratch)
        }
        return plan
    }

    private func remove(_ scratch: String) {
        // What stays is swept with the staging directory at the host's next start.
        Task { await FileWork.run { try? PackageFiles.removeTree(scratch) } }
    }

    // MARK: Following

    private func follow(_ plugin: String, _ directory: String?, tellsWhatIsThere: Bool = false) {
        state.withLock { state in
            guard !state.isOver, state.watches[plugin]?.directory != directory else { return }
            state.watches[plugin] = nil
            guard let directory else { return services.alerts.clear(plugin, "link") }
            do throws(Failure) {
                let watch = try LinkWatch(directory, isFirstNews: tellsWhatIsThere) { [weak self] news in
                    guard let self else { return }
                    Task { await self.handle(news, of: plugin, directory) }
                }
                state.watches[plugin] = (directory, watch)
            } catch {
                raise(plugin, "\(directory) cannot be watched", error)
            }
        }
    }

    private func handle(_ news: LinkWatch.News, of plugin: String, _ directory: String) async {
        do throws(Failure) {
            if case .broken(let failure) = news { throw failure }
            let request = ChangeRequest(kind: .link, plugin: plugin, source: directory)
            let plan = try await begin(request, author: "link")
            if let begun = plan.change {
                let change = try await installer.wait(for: begun.number)
                if change.state != .done { throw change.failure ?? Failure(.undone, change.message) }
                logger.info("\(plugin): \(change.message)")
            }
            services.alerts.clear(plugin, "link")
        } catch {
            guard error.code != .busy else { return }
            raise(plugin, "The build in \(directory) is not used", error)
        }
    }

    private func raise(_ plugin: String, _ title: String, _ failure: Failure) {
        services.logs.note(plugin, .error, "\(title): \(failure)")
        services.alerts.raise(plugin, "link", .warning, title: title, detail: failure.description)
    }
}
