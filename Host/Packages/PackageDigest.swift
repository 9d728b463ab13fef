import Crypto
import Glibc
package import HostAPI
import Manifests

/// What a package is, whichever form it came in.
package struct PackageDigest: Sendable, Equatable {
    /// SHA-256 over the sorted list of its files, lower-case hexadecimal. For each file the list has a line of its
    /// path, a NUL, `x` or `-` for whether it is executable, its size, a space, the SHA-256 of its content.
    package var packageHash: String
    /// SHA-256 of the manifest's entry, lower-case hexadecimal.
    package var codeHash: String
    package var fileCount: Int
    /// Of all files together.
    package var byteCount: Int64

    /// The part of the package's hash that names its directory in the store.
    package var shortHash: String { String(packageHash.prefix(12)) }

    /// Reads a package directory and each file in it.
    ///
    /// - Parameters:
    ///   - directory: The package.
    ///   - limits: How large it may be.
    ///   - isCancelled: Asked now and then.
    /// - Returns: Its hashes and its size.
    /// - Throws: If there is no usable manifest, something in it belongs into no package, or it cannot be read.
    package static func of(
        directory: String,
        limits: PackageLimits = PackageLimits(),
        isCancelled: () -> Bool = { false }
    ) throws(Failure) -> PackageDigest {
        let manifest: Manifest
        do throws(PackageError) {
            manifest = try PackageDirectory.readManifest(directory)
        } catch {
            throw error.failure
        }
        do throws(PackageRefusal) {
            return try read(directory, entry: manifest.entry, limits: limits, isCancelled: isCancelled)
        } catch {
            throw error.failure(of: directory)
        }
    }

    private static func read(
        _ directory: String,
        entry: String,
        limits: PackageLimits,
        isCancelled: () -> Bool
    ) throws(PackageRefusal) -> PackageDigest {
        let root = try onDisk { () throws(Failure) in try OpenFile(directory, O_RDONLY | O_DIRECTORY) }
        let files = try PackageTree(root, limits: limits, isCancelled: isCancelled).files
        var hash = SHA256()
        var codeHash: String?
        for file in files {
            let content = try contentHash(of: file, below: root, isCancelled: isCancelled)
            let kind = file.isExecutable ? "x" : "-"
            hash.update(data: Array("\(file.name.path)\0\(kind)\(file.size) \(content)\n".utf8))
            if file.name.parts == [entry] { codeHash = content }
        }
        guard let codeHash else { throw .whole("has no file \(entry), which its manifest names as the entry") }
        return PackageDigest(
            packageHash: hexadecimal(hash.finalize()),
            codeHash: codeHash,
            fileCount: files.count,
            byteCount: files.reduce(0) { $0 + $1.size }
        )
    }

    private static func contentHash(
        of entry: PackageTree.Entry,
        below root: borrowing OpenFile,
        isCancelled: () -> Bool
    ) throws(PackageRefusal) -> String {
        do throws(Failure) {
            let file = try PackageTree.open(entry.name, below: root, O_RDONLY | O_NONBLOCK)
            let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
            defer { buffer.deallocate() }
            var hash = SHA256()
            while true {
                if isCancelled() { throw .cancelledPackage }
                let count = try file.read(into: buffer)
                if count == 0 { break }
                hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            }
            guard PackageTree.Identity(try file.status()) == entry.identity else {
                throw PackageRefusal.changed(entry.name).failure(of: root.path)
            }
            return hexadecimal(hash.finalize())
        } catch {
            throw .failed(error)
        }
    }

    private static func hexadecimal(_ digest: SHA256.Digest) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
