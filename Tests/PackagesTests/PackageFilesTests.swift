import Glibc
import HostAPI
import TestSupport
import Testing

@testable import Packages

@Suite struct PackageFilesTests {
    /// With RENAME_NOREPLACE, and on a file system that does not have it.
    @Test(arguments: [true, false]) func placingNeverReplaces(isSupported: Bool) throws {
        try PackageFixture.with("place") { fixture in
            func place(_ tree: String, _ target: String) throws -> PackageFiles.Placement {
                if isSupported { return try PackageFiles.place(tree, at: target) }
                return try PackageFiles.place(tree, at: target) { _, _ in
                    errno = EINVAL
                    return -1
                }
            }
            let directory = try fixture.makePackage()
            try fixture.makePackage("other")
            let target = "\(fixture.path)/store"
            #expect(try place(directory, target) == .placed)
            #expect(try place(directory, target) == .wasPlaced)
            #expect(try place("\(fixture.path)/other", target) == .targetExists)
            #expect(access("\(fixture.path)/other/plugin.yaml", F_OK) == 0)
            #expect(throws: Failure.self) { try place("\(fixture.path)/none", "\(fixture.path)/nowhere") }
            // Files, too.
            try fixture.write([1], "one")
            try fixture.write([2], "two")
            #expect(try place("\(fixture.path)/one", "\(fixture.path)/file") == .placed)
            #expect(try place("\(fixture.path)/two", "\(fixture.path)/file") == .targetExists)
            #expect(try place("\(fixture.path)/other", "\(fixture.path)/file") == .targetExists)
            #expect(try fixture.bytes("\(fixture.path)/file") == [1])
        }
    }

    @Test func movingAsideCanBeRepeated() throws {
        try PackageFixture.with("aside") { fixture in
            let directory = try fixture.makePackage()
            #expect(try PackageFiles.moveAside(directory, to: "\(fixture.path)/trash"))
            #expect(try !PackageFiles.moveAside(directory, to: "\(fixture.path)/trash"))
            try fixture.makePackage()
            do throws(Failure) {
                try PackageFiles.moveAside(directory, to: "\(fixture.path)/trash")
                Issue.record("it was moved")
            } catch {
                #expect(error.code == .conflict)
            }
            #expect(access("\(directory)/plugin.yaml", F_OK) == 0)
        }
    }

    @Test func syncsATreeWithLinks() throws {
        try PackageFixture.with("sync") { fixture in
            let directory = try fixture.makePackage()
            symlink("/nowhere", "\(directory)/dangling")
            try PackageFiles.sync(directory)
            try PackageFiles.sync(directory)
            #expect(throws: Failure.self) { try PackageFiles.sync("\(fixture.path)/none") }
        }
    }

    @Test func removesTreesOfEveryKindAndNothingElse() throws {
        try PackageFixture.with("remove") { fixture in
            let directory = try fixture.makePackage()
            let kept = try fixture.makePackage("kept")
            symlink(kept, "\(directory)/link")
            symlink("\(kept)/plugin.yaml", "\(directory)/data/file-link")
            try Shell.run(
                "cd \(directory) && mkfifo pipe && touch $(printf 'a\\377b') && chmod 500 data data/deep && chmod 0 data/empty"
            )
            try PackageFiles.removeTree(directory)
            try PackageFiles.removeTree(directory)
            #expect(access(directory, F_OK) != 0)
            symlink(kept, "\(fixture.path)/top-link")
            try PackageFiles.removeTree("\(fixture.path)/top-link")
            try PackageFiles.removeTree("\(fixture.path)/top-link/")
            #expect(try Shell.run("find \(kept) -type f | wc -l") == "5\n")
            #expect(try Shell.run("ls \(fixture.path)") == "kept\n")
        }
    }

    @Test func removesDirectoriesBeyondEveryLimit() throws {
        try PackageFixture.with("deep") { fixture in
            try fixture.scratch.makeDirectory("deep")
            let here = try #require(open(fixture.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) as Int32?)
            defer { close(here) }
            var inside = openat(here, "deep", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            for _ in 0..<5000 {
                mkdirat(inside, "d", 0o500)
                let next = openat(inside, "d", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
                close(inside)
                inside = next
            }
            close(inside)
            try PackageFiles.removeTree("\(fixture.path)/deep")
            #expect(try Shell.run("ls \(fixture.path)") == "")
        }
    }

    @Test func knowsTheFreeSpace() throws {
        try PackageFixture.with("free") { fixture in
            let free = try PackageFiles.freeBytes(at: fixture.path)
            let available = try Shell.run("df --output=avail -B1 \(fixture.path) | tail -1").filter(\.isNumber)
            let other = try #require(Int64(available))
            #expect(abs(free - other) < 1 << 30)
            #expect(throws: Failure.self) { try PackageFiles.freeBytes(at: "\(fixture.path)/none") }
        }
    }

    @Test func aFullDiskSaysSo() throws {
        try PackageFixture.with("full") { fixture in
            let directory = try fixture.makePackage()
            let mount = try fixture.scratch.makeDirectory("small")
            // Needs the right to mount; without it there is nothing to fill up.
            guard (try? Shell.run("mount -t tmpfs -o size=8k none \(mount)")) != nil else { return }
            defer { _ = try? Shell.run("umount \(mount)") }
            do throws(Failure) {
                try PackageUnpacker.unpack(.directory(directory), to: "\(mount)/out")
                Issue.record("it fitted")
            } catch {
                #expect(error.message == "Cannot write \(mount)/out/lamp.so: the disk is full.")
            }
            #expect(try Shell.run("ls \(mount)") == "")
        }
    }
}
