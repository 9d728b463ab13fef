import CLinux
import Glibc
package import HostAPI
import Manifests

/// Brings a package of any form into a new directory: a manifest, the code, resources.
///
/// Nothing but files and directories is taken over, their owners, times and attributes are not, and their modes become
/// 0644 or, where the owner may execute them, 0755. Blocks for as long as the disk takes.
package enum PackageUnpacker {
    /// Unpacks or copies a package. What was made is removed again if it fails.
    ///
    /// - Parameters:
    ///   - source: What to read; it is not trusted.
    ///   - destination: A directory that is not there yet, in one that is.
    ///   - limits: How large the package may be.
    ///   - isCancelled: Asked now and then.
    ///   - progress: Told how many bytes have been written.
    /// - Throws: What is wrong with the package, `conflict` if the destination is there, or what the disk says.
    package static func unpack(
        _ source: PackageSource,
        to destination: String,
        limits: PackageLimits = PackageLimits(),
        isCancelled: () -> Bool = { false },
        progress: (Int64) -> Void = { _ in }
    ) throws(Failure) {
        var tree = try StagingTree(at: destination)
        do throws(PackageRefusal) {
            switch source {
            case .directory(let path):
                try copyDirectory(path, to: &tree, limits: limits, isCancelled: isCancelled, progress: progress)
            case .archive(let path):
                try extract(path, to: &tree, limits: limits, isCancelled: isCancelled, progress: progress)
            case .sharedObject(let path):
                try copySharedObject(path, to: &tree, limits: limits, isCancelled: isCancelled, progress: progress)
            }
        } catch {
            // What made it fail is worth telling; what then cannot be removed is swept with the staging directory.
            try? PackageFiles.removeTree(destination)
            throw error.failure(of: source.path)
        }
    }

    // MARK: Forms

    private static func extract(
        _ path: String,
        to tree: inout StagingTree,
        limits: PackageLimits,
        isCancelled: () -> Bool,
        progress: (Int64) -> Void
    ) throws(PackageRefusal) {
        let reader = try TarReader(path, limits: limits)
        var written: Int64 = 0
        while let entry = try reader.next() {
            if isCancelled() { throw .failed(.cancelledPackage) }
            guard !entry.name.isHidden else { continue }
            guard !entry.isDirectory else {
                try tree.makeDirectory(entry.name)
                continue
            }
            let file = try tree.makeFile(entry.name)
            var hasMore = true
            while hasMore {
                if isCancelled() { throw .failed(.cancelledPackage) }
                hasMore = try reader.content { (bytes) throws(PackageRefusal) in
                    do throws(Failure) { try file.write(bytes) } catch { throw .failed(error) }
                    written += Int64(bytes.count)
                }
                progress(written)
            }
            try onDisk { () throws(Failure) in try StagingTree.finish(file, isExecutable: entry.isExecutable) }
        }
        try tree.unwrap()
    }

    private static func copyDirectory(
        _ path: String,
        to tree: inout StagingTree,
        limits: PackageLimits,
        isCancelled: () -> Bool,
        progress: (Int64) -> Void
    ) throws(PackageRefusal) {
        let root = try onDisk { () throws(Failure) in try OpenFile(path, O_RDONLY | O_DIRECTORY) }
        let before = try PackageTree(root, limits: limits, isCancelled: isCancelled)
        var written: Int64 = 0
        for entry in before.entries {
            if isCancelled() { throw .failed(.cancelledPackage) }
            guard !entry.isDirectory else {
                try tree.makeDirectory(entry.name)
                continue
            }
            let file = try onDisk { () throws(Failure) in
                try PackageTree.open(entry.name, below: root, O_RDONLY | O_NONBLOCK)
            }
            guard try onDisk({ () throws(Failure) in PackageTree.Identity(try file.status()) }) == entry.identity else {
                throw .changed(entry.name)
            }
            let copy = try tree.makeFile(entry.name)
            try copyContent(of: file, to: copy, size: entry.size, isCancelled: isCancelled) { count in
                written += count
                progress(written)
            }
            try onDisk { () throws(Failure) in try StagingTree.finish(copy, isExecutable: entry.isExecutable) }
        }
        let after = try PackageTree(root, limits: limits, isCancelled: isCancelled)
        guard before == after else {
            throw .changed(before.difference(from: after))
        }
    }

    private static func copySharedObject(
        _ path: String,
        to tree: inout StagingTree,
        limits: PackageLimits,
        isCancelled: () -> Bool,
        progress: (Int64) -> Void
    ) throws(PackageRefusal) {
        let file = try onDisk { () throws(Failure) in try OpenFile(path, O_RDONLY | O_NONBLOCK) }
        let status = try onDisk { () throws(Failure) in try file.status() }
        guard Int64(status.st_size) <= limits.bytes else { throw .whole("holds more than \(limits.bytes >> 20) MiB") }
        let (bytes, manifest) = try onDisk { () throws(Failure) in try EmbeddedManifest.parse(file) }
        guard let entry = try EntryName.parse(Array(manifest.entry.utf8), isDirectory: false) else { return }

        let manifestCopy = try tree.makeFile(EntryName(parts: [PackageDirectory.manifestName]))
        try onDisk { () throws(Failure) in
            try manifestCopy.write(bytes)
            try StagingTree.finish(manifestCopy, isExecutable: false)
        }
        let copy = try tree.makeFile(entry)
        var written = Int64(bytes.count)
        try copyContent(of: file, to: copy, size: Int64(status.st_size), isCancelled: isCancelled) { count in
            written += count
            progress(written)
        }
        let after = try onDisk { () throws(Failure) in try file.status() }
        guard PackageTree.Identity(after) == PackageTree.Identity(status) else { throw .changed(nil) }
        try onDisk { () throws(Failure) in
            try StagingTree.finish(copy, isExecutable: status.st_mode & S_IXUSR != 0)
        }
    }

    private static func copyContent(
        of file: borrowing OpenFile,
        to copy: borrowing OpenFile,
        size: Int64,
        isCancelled: () -> Bool,
        progress: (Int64) -> Void
    ) throws(PackageRefusal) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
        defer { buffer.deallocate() }
        var left = size
        while true {
            if isCancelled() { throw .failed(.cancelledPackage) }
            let count: Int
            do throws(Failure) {
                count = try file.read(into: buffer)
                // A file that grows all the time would otherwise never end.
                guard count <= left else { throw PackageRefusal.changed(nil).failure(of: file.path) }
                try copy.write(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            } catch {
                throw .failed(error)
            }
            if count == 0 { break }
            left -= Int64(count)
            progress(Int64(count))
        }
        // A size that shrank is found by comparing what the file is now with what it was.
    }
}

extension PackageRefusal {
    /// Something is at work on the package: it would be taken half old and half new.
    static func changed(_ name: EntryName?) -> PackageRefusal {
        let reason = "changed while it was being copied; wait until it is complete, then try again"
        return name.map { .entry(Array($0.path.utf8), reason) } ?? .whole(reason)
    }
}
