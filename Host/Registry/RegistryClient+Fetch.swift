import HostAPI
package import Packages

extension RegistryClient {
    package func fetch(
        _ release: PackageRelease,
        to path: String,
        progress: @escaping @Sendable (Int64) -> Void
    ) async throws(PackageCatalogueError) {
        do throws(RegistryProblem) {
            let source = try source(of: release)
            let file = try PackageFile(path, for: release, progress: progress)
            do throws(RegistryProblem) {
                try await receive(source, into: file)
                try file.finish()
            } catch {
                file.discard()
                throw error
            }
        } catch {
            switch error.kind {
            case .absent, .different: throw .missing(error.failure)
            case .transient, .unusable, .local, .cancelled: throw .unreachable(error.failure)
            }
        }
    }

    private func source(of release: PackageRelease) throws(RegistryProblem) -> RegistryFile {
        do throws(WebAddress.Misfit) {
            if release.location.contains("://") { return .web(try WebAddress(release.location)) }
        } catch {
            throw RegistryProblem(.local, "The package's address \(release.location.excerpt) \(error.message).")
        }
        guard case .local(let directory, _) = location.indexes[0], release.location.hasPrefix(directory + "/") else {
            throw RegistryProblem(.local, "\(release.location.excerpt) is not a file of the registry \(location.text).")
        }
        return .local(directory: directory, path: String(release.location.dropFirst(directory.count + 1)))
    }

    private func receive(_ source: RegistryFile, into file: PackageFile) async throws(RegistryProblem) {
        switch source {
        case .web(let address):
            let request = WebRequest(address: address, patience: .silence(options.stallLimit), isCompressible: false)
            _ = try await documents.web.read(request, into: file)
        case .local(let directory, let path):
            let result = await onThread { () -> Result<Void, RegistryProblem> in
                do throws(RegistryProblem) {
                    _ = try LocalFile.read(directory, path) { (bytes) throws(RegistryProblem) in
                        try file.receive(bytes)
                    }
                    return .success(())
                } catch {
                    return .failure(error)
                }
            }
            guard let result else {
                throw RegistryProblem(.local, "The system has no thread left to copy the package.")
            }
            try result.get()
        }
    }
}
