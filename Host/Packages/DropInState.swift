import CLinux
import Glibc
package import HostAPI
import Manifests

/// How far the copying of a package into `plugins.d/` has come, told from the content alone.
package enum DropInState: Sendable, Equatable {
    case whole
    /// More is to come: what is missing, as a part of a sentence.
    case incomplete(String)
    /// Waiting does not help.
    case broken(Failure)

    /// Reads all of an archive, and the headers of code. Loads and writes nothing.
    ///
    /// - Parameters:
    ///   - path: Of a directory or a file.
    ///   - limits: How large a package may be.
    /// - Returns: Whether it is worth while to install it now.
    package static func of(_ path: String, limits: PackageLimits = PackageLimits()) -> DropInState {
        do throws(Failure) {
            let file = try OpenFile(path, O_RDONLY | O_NONBLOCK)
            let status = try file.status()
            if status.st_mode & S_IFMT == S_IFDIR { return try ofDirectory(path, limits: limits) }
            if status.st_mode & S_IFMT == S_IFREG {
                let start = try file.read(at: 0, count: 4)
                if start.count < 4 { return .incomplete("it has only \(start.count) bytes") }
                if start == [0x7F, 0x45, 0x4C, 0x46] { return try ofSharedObject(file) }
            }
            _ = try PackageSource(path: path)
            return ofArchive(path, limits: limits)
        } catch {
            return .broken(error)
        }
    }

    private static func ofDirectory(_ path: String, limits: PackageLimits) throws(Failure) -> DropInState {
        let manifestPath = "\(path)/\(PackageDirectory.manifestName)"
        var status = stat()
        // A link is not followed: it would show what lies elsewhere.
        guard lstat(manifestPath, &status) == 0 else {
            return .incomplete("\(PackageDirectory.manifestName) is not there yet")
        }
        guard status.st_size > 0 else { return .incomplete("\(PackageDirectory.manifestName) is empty") }
        let manifest: Manifest
        do throws(PackageError) {
            manifest = try PackageDirectory.readManifest(path)
        } catch {
            return .broken(error.failure)
        }
        guard stat("\(path)/\(manifest.entry)", &status) == 0 else {
            return .incomplete("\(manifest.entry) is not there yet")
        }
        if let state = state(ofCode: try OpenFile("\(path)/\(manifest.entry)", O_RDONLY | O_NONBLOCK)) { return state }
        do throws(PackageError) {
            _ = try PackageDirectory.read(path)
        } catch {
            return .broken(error.failure)
        }
        do throws(PackageRefusal) {
            let root = try onDisk { () throws(Failure) in try OpenFile(path, O_RDONLY | O_DIRECTORY) }
            _ = try PackageTree(root, limits: limits, isCancelled: { false })
            return .whole
        } catch {
            return .broken(error.failure(of: path))
        }
    }

    private static func ofSharedObject(_ file: borrowing OpenFile) throws(Failure) -> DropInState {
        if let state = state(ofCode: file) { return state }
        _ = try EmbeddedManifest.parse(file)
        return .whole
    }

    /// Nil if nothing of it is missing.
    private static func state(ofCode file: borrowing OpenFile) -> DropInState? {
        do throws(ELFError) {
            do throws(Failure) {
                guard try file.status().st_size > 4 else { return .incomplete("its code is empty") }
            } catch {
                return .broken(error)
            }
            _ = try ELFFile(file)
            return nil
        } catch {
            guard case .truncated(let what) = error else { return .broken(error.failure(of: file.path)) }
            return .incomplete("its code ends too early: \(what) is missing")
        }
    }

    private static func ofArchive(_ path: String, limits: PackageLimits) -> DropInState {
        do throws(PackageRefusal) {
            let reader = try TarReader(path, limits: limits)
            while try reader.next() != nil {}
            return .whole
        } catch {
            guard case .truncated = error else { return .broken(error.failure(of: path)) }
            return .incomplete("the archive ends too early")
        }
    }
}
