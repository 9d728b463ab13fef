package import HostAPI
package import Manifests
package import Packages

/// A package as it was seen, wherever it lies.
package struct PackageSight: Sendable {
    package var manifest: Manifest
    package var digest: PackageDigest

    /// Reads a package that lies in a directory.
    static func read(_ directory: String) throws(Failure) -> (Package, PackageDigest) {
        let package: Package
        do throws(PackageError) { package = try PackageDirectory.read(directory) } catch { throw error.failure }
        return (package, try PackageDigest.of(directory: directory))
    }

    /// Looks at a package of any form. What has to be unpacked for that is gone afterwards.
    ///
    /// - Parameters:
    ///   - source: Where it lies.
    ///   - scratch: A path where nothing is.
    /// - Returns: What it is.
    /// - Throws: What is wrong with it.
    package static func look(at source: String, scratch: String) throws(Failure) -> PackageSight {
        let form = try PackageSource(path: source)
        if case .directory(let directory) = form {
            let (package, digest) = try read(directory)
            return PackageSight(manifest: package.manifest, digest: digest)
        }
        // Swept at the host's start if this is interrupted.
        defer { try? Files.removeTree(scratch) }
        try PackageUnpacker.unpack(form, to: scratch)
        let (package, digest) = try read(scratch)
        return PackageSight(manifest: package.manifest, digest: digest)
    }
}
