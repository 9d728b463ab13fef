internal import HostAPI
internal import Manifests
internal import Packages
internal import Store

/// Holds the unpacked package against what was asked for and what this host can load, and says what becomes of the
/// plugin's row.
struct VerifyTask: InstallationTask {
    let name = "verify"
    let nature = ChangeMachine.Nature.preparing

    func title(_ job: Job) -> String { "check the package" }

    func `do`(_ job: inout Job) async throws {
        let (layout, plugin, before) = (job.layout, job.plugin, job.before)
        let tree = layout.tree(of: job.number)
        let (package, digest) = try await FileWork.run { () throws(Failure) in
            try PackageSight.read(tree)
        }
        let active = before.active.map { layout.directory(of: $0) }
        let given = await FileWork.run { active.flatMap { try? PackageDirectory.readManifest($0).permissions } }
        try PackageRules(request: job.parameters.request, before: before, services: job.services).check(
            package.manifest,
            digest: digest,
            given: given,
            release: job.parameters.release
        )
        try await job.services.refuseQuarantined(digest.codeHash, of: plugin)
        let version = package.manifest.version.description
        let directory = InstallationLayout.name(version: version, packageHash: digest.packageHash)
        let target = InstalledVersion(
            plugin: plugin,
            directory: directory,
            version: version,
            packageHash: digest.packageHash,
            codeHash: digest.codeHash,
            installed: before.version(directory)?.installed ?? job.services.now()
        )
        job.parameters.target = target
        job.parameters.after = before.installing(
            target,
            request: job.parameters.request,
            author: job.change.author
        )
    }
}

extension Installer.Configuration {
    /// - Throws: If code of that hash crashed or hung before; with the command that lifts it.
    func refuseQuarantined(_ codeHash: String, of plugin: String) async throws(Failure) {
        let reason: String?
        do throws(StoreError) {
            reason = try await ledger.perform { database throws(StoreError) in
                try database.quarantineReason(ofHash: codeHash)
            }
        } catch {
            throw error.failure
        }
        guard let reason else { return }
        throw Failure(
            .denied,
            "this code of \(plugin) is in quarantine: \(reason.withoutPeriod)",
            hint: "get a corrected version, or try it again with `hostctl quarantine lift \(codeHash.prefix(12))`"
        )
    }
}
