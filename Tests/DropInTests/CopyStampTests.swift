import Glibc
import TestSupport
import Testing

@testable import DropIn

/// What shows that something may have changed.
struct CopyStampTests {
    @Test func aStampIsTakenOfSoManyFiles() throws {
        let scratch = try ScratchDirectory(named: "stamp")
        defer { scratch.remove() }
        try scratch.makeDirectory("a")
        for number in 0..<20 { try TextFile.write("", to: "\(scratch.path)/a/\(number)") }
        let stamp = { (limit: Int) in CopyStamp(scratch.path, limit: limit, stop: StopFlag()) }
        // The directory is one of them.
        let (some, all) = (stamp(10), stamp(21))
        for number in 0..<20 { try TextFile.write("changed", to: "\(scratch.path)/a/\(number)") }
        #expect(stamp(1) == stamp(1))
        #expect(stamp(10) != some)
        #expect(stamp(21) != all)
        #expect(stamp(22) == stamp(21))
        #expect(stamp(20) != stamp(21))
        // Whatever the limit, the manifest counts.
        let top = stamp(0)
        try TextFile.write("", to: "\(scratch.path)/plugin.yaml")
        #expect(stamp(0) != top)
    }

    /// What goes on in a directory that only a link leads to is nobody's business until it has a manifest.
    @Test func theStampOfALinkWithoutAManifestStays() throws {
        let scratch = try ScratchDirectory(named: "link-stamp")
        defer { scratch.remove() }
        try scratch.makeDirectory("target")
        symlink("target", "\(scratch.path)/link")
        let stamp = { CopyStamp("\(scratch.path)/link", limit: 100, stop: StopFlag()) }
        let before = stamp()
        try TextFile.write("", to: "\(scratch.path)/target/x")
        #expect(stamp() == before)
        try TextFile.write("", to: "\(scratch.path)/target/plugin.yaml")
        #expect(stamp() != before)
    }
}
