internal import HostAPI
internal import Manifests
internal import Packages
internal import Store

/// Whether a package may become what was asked for. Everything is known, nothing is read.
struct PackageRules {
    let request: ChangeRequest
    let before: PluginFacts
    let services: Installer.Configuration

    /// - Parameters:
    ///   - manifest: The package's own.
    ///   - digest: What the package is.
    ///   - given: The permissions of the active version.
    ///   - release: What the registry said, if it comes from there.
    /// - Throws: The first thing that is wrong, and what would be right.
    func check(
        _ manifest: Manifest,
        digest: PackageDigest,
        given: Permissions?,
        release: ChangeParameters.Release?
    ) throws(Failure) {
        try checkIdentity(manifest, release: release)
        try checkABI(manifest)
        try checkSameVersion(manifest, digest: digest, isFromRegistry: release != nil)
        try checkConsent(manifest, given: given)
    }

    /// - Throws: If the package is not the plugin, or not the version, that was asked for.
    func checkIdentity(_ manifest: Manifest, release: ChangeParameters.Release?) throws(Failure) {
        let plugin = before.plugin
        guard manifest.id.text == plugin else {
            throw Failure(
                .invalidArgument,
                "the package is \(manifest.id), not \(plugin): its manifest says so",
                hint: release == nil
                    ? "install it as what it is: leave the id out, or name \(manifest.id)"
                    : "tell whoever keeps the registry; nothing was changed"
            )
        }
        let version = manifest.version.description
        if let wanted = release?.version ?? request.version, wanted != version {
            throw Failure(
                .invalidArgument,
                "the package is \(plugin) \(version), not \(wanted): its manifest says so",
                hint: release == nil
                    ? "leave --version out, or name \(version)"
                    : "tell whoever keeps the registry; nothing was changed"
            )
        }
    }

    private func checkABI(_ manifest: Manifest) throws(Failure) {
        guard manifest.abi.major != services.abi.major else { return }
        let isNewer = manifest.abi.major > services.abi.major
        throw Failure(
            .unsupported,
            "\(manifest.id) \(manifest.version) is built for PluginAPI \(manifest.abi); Hearth \(services.hostVersion) "
                + "loads \(services.abi.major).x",
            hint: isNewer ? "upgrade Hearth first" : "get a build of the plugin for this host"
        )
    }

    private func checkSameVersion(
        _ manifest: Manifest,
        digest: PackageDigest,
        isFromRegistry: Bool
    ) throws(Failure) {
        let known = [before.active, before.previous].compactMap { $0 }
        guard isFromRegistry,
            let same = known.first(where: { $0.version == manifest.version.description }),
            same.packageHash != digest.packageHash
        else { return }
        throw Failure(
            .refused,
            "the registry's \(before.plugin) \(same.version) has another content than the \(same.version) that is "
                + "installed; a version never changes",
            hint: "install another version, or uninstall this one first"
        )
    }

    private func checkConsent(_ manifest: Manifest, given: Permissions?) throws(Failure) {
        guard !request.isConsented else { return }
        let questions = Consent.questions(of: manifest.permissions, given: given)
        guard !questions.isEmpty else { return }
        throw Failure(
            .needsConsent,
            "\(manifest.id) \(manifest.version) asks for far-reaching permissions: "
                + questions.joined(separator: ", "),
            hint: "if you trust it, repeat the command with --yes"
        )
    }

    /// - Throws: If the version is pinned, and what was asked for is not the user's explicit word.
    func checkPin(version: String, author: String) throws(Failure) {
        guard before.installation?.isPinned == true, let active = before.active else { return }
        if author == "user", request.version != nil || request.kind == .rollback { return }
        if active.version == version, author != "link", author != "drop-in" { return }
        throw Failure(
            .refused,
            "\(before.plugin) is pinned to \(active.version)",
            hint: request.kind == .link
                ? "`hostctl unpin \(before.plugin)` first"
                : "`hostctl unpin \(before.plugin)`, or name the version that you want: "
                    + "`hostctl install \(request.source ?? before.plugin) --version \(version)`"
        )
    }
}

extension PluginFacts {
    /// What the plugin's row says once the version is installed.
    func installing(_ target: InstalledVersion, request: ChangeRequest, author: String) -> InstallationState {
        let old = installation ?? InstallationState()
        let (active, previous) = (active?.directory, previous?.directory)
        return InstallationState(
            active: target.directory,
            previous: [active, previous].compactMap { $0 }.first { $0 != target.directory },
            isPinned: old.isWanted && old.isPinned,
            // A repair brings back what was wanted before.
            wantedVersion: author == "reconcile" ? old.wantedVersion : request.version,
            origin: origin(of: request, author: author),
            link: request.kind == .link ? request.linkedDirectory ?? request.source : nil
        )
    }

    private func origin(of request: ChangeRequest, author: String) -> String {
        if request.kind == .link { return "link" }
        guard request.source != nil else { return "registry" }
        return author == "drop-in" ? "drop-in" : "file"
    }
}
