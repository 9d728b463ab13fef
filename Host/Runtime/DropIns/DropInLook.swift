import DropIn
import HostAPI
import Installation
import Manifests
import Packages
import Store
import Synchronization

/// A copy in `plugins.d`, and in the terms of loading what is wrong with it.
struct DropInFinding: Sendable {
    var copy: DropInCopy
    var outcome: LoadOutcome
}

/// Finds out what a copy in `plugins.d` is. Loads no code.
enum DropInLook {
    private static let number = Atomic<UInt64>(0)

    /// - Parameters:
    ///   - name: The entry's.
    ///   - directory: `plugins.d`.
    ///   - isLast: Nobody looks again by himself: what is missing now is what is wrong with it.
    ///   - services: Where to ask what is installed.
    /// - Returns: Nil if there is no entry of that name that may be a package.
    static func finding(
        _ name: String,
        in directory: String,
        isLast: Bool,
        _ services: PluginServices
    ) async -> DropInFinding? {
        guard DropInScan.entry(name, in: directory) != nil else { return nil }
        let path = "\(directory)/\(name)"
        let scratch = "\(services.layout.installation.staging)/look-\(number.add(1, ordering: .relaxed).newValue)"
        let sight: Result<PackageSight, Failure>
        switch await FileWork.run({ DropInState.of(path) }) {
        case .incomplete(let reason):
            guard isLast else {
                return CopyIdentity.of(path, packageHash: "").map {
                    DropInFinding(
                        copy: DropInCopy(name: name, identity: $0, content: .incomplete(reason)),
                        outcome: .fileMissing
                    )
                }
            }
            sight = .failure(Failure(.invalidArgument, "\(path) is not whole: \(reason)"))
        case .broken(let failure): sight = .failure(failure)
        case .whole:
            sight = await FileWork.run { () throws(Never) -> Result<PackageSight, Failure> in
                Result { () throws(Failure) in try PackageSight.look(at: path, scratch: scratch) }
            }
        }
        let identity = CopyIdentity.of(path, packageHash: (try? sight.get())?.digest.packageHash ?? "")
        guard let identity else { return nil }
        return DropInFinding(
            copy: DropInCopy(name: name, identity: identity, content: await content(sight, services)),
            outcome: await outcome(sight, path)
        )
    }

    /// In the terms of loading: what a package in a directory lacks has a name there.
    private static func outcome(_ sight: Result<PackageSight, Failure>, _ path: String) async -> LoadOutcome {
        guard case .failure = sight else { return .ok }
        return await FileWork.run { () throws(Never) -> LoadOutcome in
            do throws(PackageError) {
                _ = try PackageDirectory.read(path)
                return .badManifest
            } catch {
                return error.outcome
            }
        }
    }

    private static func content(
        _ sight: Result<PackageSight, Failure>,
        _ services: PluginServices
    ) async -> DropInCopy.Content {
        switch sight {
        case .failure(let failure): return .broken(failure.description)
        case .success(let sight):
            let manifest = sight.manifest
            let given = await permissions(of: manifest.id.text, services)
            return .package(
                id: manifest.id,
                version: manifest.version,
                farReaching: Consent.questions(of: manifest.permissions, given: given)
            )
        }
    }

    /// What the active version may do; nil if there is none.
    private static func permissions(of plugin: String, _ services: PluginServices) async -> Permissions? {
        guard let installed = try? await services.installedPlugin(plugin) else { return nil }
        let directory = services.directory(of: installed)
        return await FileWork.run { try? PackageDirectory.readManifest(directory).permissions }
    }
}
