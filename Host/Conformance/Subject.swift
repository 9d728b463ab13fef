package import Manifests

/// The package that is checked, as far as it can be read without loading its code.
package struct Subject: Sendable {
    /// The package's directory.
    package var directory: String
    /// Or why it cannot be used.
    package var manifest: Result<Manifest, ManifestError>
    /// The path of the shared object, or why there is none.
    package var entry: Result<String, PackageError>
    /// What the shared object says about itself; nil if it cannot be read.
    package var code: DynamicObject?

    /// Reads a package's directory.
    ///
    /// - Throws: `PackageError` if there is no manifest to be read.
    package init(directory: String) throws(PackageError) {
        self.directory = directory
        do throws(PackageError) {
            let package = try PackageDirectory.read(directory)
            self.directory = package.directory
            manifest = .success(package.manifest)
            entry = .success(package.entryPath)
            code = FileBytes.read(package.entryPath).flatMap(DynamicObject.init)
        } catch {
            switch error {
            case .manifestMissing: throw error
            case .manifestInvalid(let problems):
                manifest = .failure(problems)
                entry = .failure(error)
            default:
                manifest = .success(try PackageDirectory.readManifest(directory))
                entry = .failure(error)
            }
        }
    }
}
