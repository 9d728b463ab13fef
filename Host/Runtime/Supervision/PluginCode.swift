import Crypto
import Glibc
import HostAPI
import Installation
package import Manifests
import Store

/// A plugin's package as it lies on the disk, and what is known about exactly this code.
package struct PluginCode: Sendable {
    package var package: Package
    /// SHA-256 of the `.so`, lower-case hexadecimal.
    package var hash: String
    /// The file that was hashed.
    var file: FileIdentity
    /// It has passed its probe before.
    package var isProbed: Bool
    /// Why it may not be loaded.
    package var quarantineReason: String?
}

extension PluginCode {
    /// Whether the file on the disk is still the one that was hashed: code that nobody has looked at is not loaded.
    var isUnchanged: Bool {
        (try? FileIdentity(ofFile: package.entryPath)) == file
    }

    /// Why code in the store is not loaded.
    enum Mismatch: FailureConvertible {
        case altered(path: String, plugin: String)

        var failure: Failure {
            switch self {
            case .altered(let path, let plugin):
                Failure(
                    .refused,
                    "\(path) is not the file that was installed: it was altered in the store",
                    hint: "install it anew, or go back: hostctl rollback \(plugin)"
                )
            }
        }
    }

    /// Reads an installed package and looks its code up. Waits for the disk; not for the reactor's thread.
    ///
    /// - Throws: `PackageError` if it cannot be used, `Mismatch` if it is not what was installed, `Failure` if the file or
    ///   `state.db` cannot be read.
    @concurrent
    static func load(_ installed: InstalledPlugin, _ services: PluginServices) async throws -> PluginCode {
        let package = try PackageDirectory.read(services.directory(of: installed))
        // Before the hash: a file that changes meanwhile is then found changed at launch.
        let file = try FileIdentity(ofFile: package.entryPath)
        let hash = try sha256(ofFile: package.entryPath)
        guard hash == installed.version.codeHash else {
            throw Mismatch.altered(path: package.entryPath, plugin: installed.id)
        }
        let (isProbed, reason) = try await services.ledger.perform { database throws(StoreError) in
            (try database.isProbed(hash: hash), try database.quarantineReason(ofHash: hash))
        }
        return PluginCode(package: package, hash: hash, file: file, isProbed: isProbed, quarantineReason: reason)
    }

    private static func sha256(ofFile path: String) throws(SystemError) -> String {
        let descriptor = try SystemError.check("open \(path)") { open(path, O_RDONLY | O_CLOEXEC) }
        defer { close(descriptor) }
        var hash = SHA256()
        var bytes = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let capacity = bytes.count
            let count = try SystemError.check("read \(path)") { Int32(read(descriptor, &bytes, capacity)) }
            guard count > 0 else { break }
            bytes.withUnsafeBytes { hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: $0[..<Int(count)])) }
        }
        return hash.finalize().map { byte in
            let text = String(byte, radix: 16)
            return text.count == 1 ? "0" + text : text
        }.joined()
    }
}
