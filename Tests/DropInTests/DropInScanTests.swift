import DropIn
import Glibc
import HostAPI
import TestSupport
import Testing

/// What counts as an entry.
struct DropInScanTests {
    @Test func onlyWhatMayBeAPackageIsListed() throws {
        let scratch = try ScratchDirectory(named: "scan")
        defer { scratch.remove() }
        let files = ["a.so", "b.tgz", "c.tar.gz", "d.zip", "README.md", ".e.so", "f.so~", "g.tar.gz.part", "h.so.tmp"]
        for file in files { try TextFile.write("x", to: "\(scratch.path)/\(file)") }
        for name in ["dir", "dir.tmp", "name.so", ".git"] { try scratch.makeDirectory(name) }
        symlink("dir", "\(scratch.path)/link")
        symlink("nowhere", "\(scratch.path)/dangling")
        mkfifo("\(scratch.path)/pipe.so", 0o600)
        let entries = try DropInScan.entries(in: scratch.path)
        #expect(
            entries == [
                DropInEntry(name: "a.so", kind: .sharedObject), DropInEntry(name: "b.tgz", kind: .archive),
                DropInEntry(name: "c.tar.gz", kind: .archive), DropInEntry(name: "dir", kind: .directory),
                DropInEntry(name: "link", kind: .directory), DropInEntry(name: "name.so", kind: .directory),
            ]
        )
    }

    @Test func whatTheKernelMakesUpIsNoEntry() throws {
        let scratch = try ScratchDirectory(named: "kernel")
        defer { scratch.remove() }
        for target in ["/proc", "/proc/self/fd", "/sys", "/dev", "/dev/shm"] {
            symlink(target, "\(scratch.path)/link")
            #expect(try DropInScan.entries(in: scratch.path).isEmpty, "\(target)")
            unlink("\(scratch.path)/link")
        }
        symlink("/proc/self/mem", "\(scratch.path)/link.so")
        #expect(try DropInScan.entries(in: scratch.path).isEmpty)
    }

    @Test func unreadableIsNotEmpty() throws {
        let scratch = try ScratchDirectory(named: "unreadable")
        defer { scratch.remove() }
        #expect(throws: Failure.self) { try DropInScan.entries(in: "\(scratch.path)/nowhere") }
        try TextFile.write("x", to: "\(scratch.path)/file")
        #expect(throws: Failure.self) { try DropInScan.entries(in: "\(scratch.path)/file") }
    }
}
