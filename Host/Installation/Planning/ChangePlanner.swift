internal import HostAPI
internal import Manifests
internal import Packages
internal import Store

/// What a request comes to, as things are now.
enum ChangeDecision: Sendable {
    /// Nothing needs to be done: one sentence.
    case nothing(String)
    /// One commit is all of it.
    case commit(PlannedChange, [StateWrite], message: String)
    case tasks(PlannedChange)
}

/// A change that is about to begin.
struct PlannedChange: Sendable {
    var summary: String
    var parameters: ChangeParameters
    var permissions: JSONValue?
}

/// Decides what a request comes to. Reads the package, the database and the registry, and changes nothing.
struct ChangePlanner {
    let services: Installer.Configuration
    let request: ChangeRequest
    let plugin: String
    let author: String
    /// The package at `request.source`.
    let sight: PackageSight?

    func decide() async throws(Failure) -> ChangeDecision {
        let before: PluginFacts
        do throws(StoreError) { before = try await services.ledger.facts(of: plugin) } catch { throw error.failure }
        switch request.kind {
        case .install, .link, .upgrade:
            if let sight { return try await install(sight, before: before) }
            return try await installFromRegistry(before)
        case .rollback: return try await rollBack(before)
        case .uninstall: return try await uninstall(before)
        case .pin: return try pin(before, isPinned: true)
        case .unpin: return try pin(before, isPinned: false)
        case .unlink: return try unlink(before)
        case .adopt: return try await adopt(before)
        default:
            throw Failure(
                .invalidArgument,
                "\(request.kind.rawValue) is not a change that can be begun",
                hint: "install, upgrade, rollback, uninstall, pin, unpin, link, unlink or adopt"
            )
        }
    }

    // MARK: Install

    private func install(_ sight: PackageSight, before: PluginFacts) async throws(Failure) -> ChangeDecision {
        let version = sight.manifest.version.description
        let active = before.active
        let rules = PackageRules(request: request, before: before, services: services)
        try rules.checkIdentity(sight.manifest, release: nil)
        if let active, active.packageHash == sight.digest.packageHash, await isWhole(active),
            !isRelinking(before), before.tombstone == nil
        {
            return .nothing("\(plugin) \(active.version) is installed already")
        }
        try rules.checkPin(version: version, author: author)
        try rules.check(
            sight.manifest,
            digest: sight.digest,
            given: await permissions(of: active),
            release: nil
        )
        try await services.refuseQuarantined(sight.digest.codeHash, of: plugin)
        try await checkSpace(sight.digest.byteCount)
        return .tasks(
            PlannedChange(
                summary: summary(of: version, before: before),
                parameters: ChangeParameters(request: request, before: before, size: sight.digest.byteCount),
                permissions: sight.manifest.permissions.jsonValue
            )
        )
    }

    private func installFromRegistry(_ before: PluginFacts) async throws(Failure) -> ChangeDecision {
        guard let catalogue = services.catalogue else { throw Failure.noRegistry }
        let active = before.active
        if request.kind == .upgrade, active == nil { throw Failure.notInstalled(plugin) }
        let release: PackageRelease
        do throws(PackageCatalogueError) {
            release = try await catalogue.release(of: plugin, version: request.version)
        } catch {
            throw error.failure
        }
        if let active, await isWhole(active) {
            if release.version == active.version, !isRelinking(before) {
                return .nothing(
                    request.kind == .upgrade
                        ? "\(plugin) \(active.version) is the newest version that there is for this host"
                        : "\(plugin) \(active.version) is installed already"
                )
            }
            let (offered, present) = (PluginVersion(release.version), PluginVersion(active.version))
            if request.kind == .upgrade || request.version == nil, let offered, let present, offered < present {
                return .nothing("\(plugin) \(active.version) is newer than the registry's \(release.version)")
            }
        }
        try PackageRules(request: request, before: before, services: services)
            .checkPin(version: release.version, author: author)
        try await checkSpace(release.size)
        var parameters = ChangeParameters(request: request, before: before)
        parameters.release = ChangeParameters.Release(release)
        return .tasks(
            PlannedChange(summary: summary(of: release.version, before: before), parameters: parameters)
        )
    }

    /// The same code from now on follows another directory.
    private func isRelinking(_ before: PluginFacts) -> Bool {
        request.kind == .link && before.installation?.link != request.linkedDirectory ?? request.source
    }

    private func summary(of version: String, before: PluginFacts) -> String {
        if request.kind == .link { return "link \(plugin) to \(request.linkedDirectory ?? request.source ?? "")" }
        guard let active = before.active else { return "install \(plugin) \(version)" }
        guard active.version != version, let old = PluginVersion(active.version), let new = PluginVersion(version)
        else {
            return "install another build of \(plugin) \(version)"
        }
        return new > old
            ? "upgrade \(plugin) \(active.version) to \(version)"
            : "take \(plugin) \(active.version) back to \(version)"
    }

    private func isWhole(_ version: InstalledVersion) async -> Bool {
        let directory = services.layout.directory(of: version)
        return await FileWork.run { (try? PackageDigest.of(directory: directory))?.packageHash } == version.packageHash
    }

    private func permissions(of version: InstalledVersion?) async -> Permissions? {
        guard let directory = version.map({ services.layout.directory(of: $0) }) else { return nil }
        return await FileWork.run { try? PackageDirectory.readManifest(directory).permissions }
    }

    private func checkSpace(_ size: Int64) async throws(Failure) {
        let root = services.layout.root
        let free = try await FileWork.run { () throws(Failure) in try PackageFiles.freeBytes(at: root) }
        let needed = size * 2 + (16 << 20)
        guard free < needed else { return }
        throw Failure(
            .internalError,
            "\(plugin) needs \(needed >> 20) MiB on the disk of \(root), and \(free >> 20) MiB are free",
            hint: "free some space and try again"
        )
    }
}

extension Failure {
    static let noRegistry = Failure(
        .unsupported,
        "this host has no registry",
        hint: "install from a file or directory, or start hostd with --registry"
    )

    static func notInstalled(_ plugin: String) -> Failure {
        Failure(.noSuchPlugin, "\(plugin) is not installed", hint: "`hostctl list` shows what is")
    }
}
