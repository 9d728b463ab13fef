import Glibc
import TestSupport
import Testing

@testable import DropIn

/// What is made of the kernel's events.
struct DirectoryWatchTests {
    /// Nobody reads while more happens than the kernel keeps.
    @Test func whatTheKernelDropsLeadsToALookAtEverything() throws {
        let scratch = try ScratchDirectory(named: "overflow")
        defer { scratch.remove() }
        var watch = try DirectoryWatch(scratch.path)
        #expect(watch.changes(at: .now) == [.everything])
        for number in 0..<10_000 {
            try TextFile.write("", to: "\(scratch.path)/file-\(number)")
            unlink("\(scratch.path)/file-\(number)")
        }
        try scratch.makeDirectory("kasa/resources")
        #expect(watch.changes(at: .now).contains(.everything))
        // What appeared while events were lost is watched now.
        #expect(watch.count == 3)
        try TextFile.write("", to: "\(scratch.path)/kasa/resources/icon")
        #expect(Set(watch.changes(at: .now).map { "\($0)" }) == [#"changed("kasa")"#])
    }

    @Test func directoriesBelowADirectoryThatMovesKeepTheirName() throws {
        let scratch = try ScratchDirectory(named: "moves")
        defer { scratch.remove() }
        try scratch.makeDirectory("kasa/a/b")
        try scratch.makeDirectory("hue")
        var watch = try DirectoryWatch(scratch.path)
        _ = watch.changes(at: .now)
        #expect(rename("\(scratch.path)/kasa/a", "\(scratch.path)/hue/a") == 0)
        _ = watch.changes(at: .now)
        #expect(watch.count == 5)
        try TextFile.write("", to: "\(scratch.path)/hue/a/b/c")
        #expect(Set(watch.changes(at: .now).map { "\($0)" }) == [#"changed("hue")"#])
        #expect(rename("\(scratch.path)/hue", "\(scratch.path)/.hidden") == 0)
        #expect(watch.changes(at: .now) == [.vanished("hue")])
        #expect(watch.count == 2)
    }

    @Test func tooDeepIsSaidOnce() throws {
        let scratch = try ScratchDirectory(named: "deep")
        defer { scratch.remove() }
        try scratch.makeDirectory("kasa/2/3/4/5/6/7/8/9")
        var watch = try DirectoryWatch(scratch.path)
        let deepest = "\(scratch.path)/kasa/2/3/4/5/6/7/8/9"
        #expect(watch.changes(at: .now) == [.everything, .limited("\(deepest) lies more than 8 directories deep")])
        let nextTurn = watch.nextTurn
        let next = try #require(nextTurn)
        #expect(watch.changes(at: next - .seconds(1)).isEmpty)
        #expect(watch.changes(at: next) == [.everything])
        rmdir(deepest)
        #expect(watch.changes(at: next + .seconds(11)) == [.changed("kasa"), .everything])
        // All of it is watched again.
        #expect(watch.nextTurn == nil)
    }

    @Test func aLinkThatGoesRoundIsNoTrap() throws {
        let scratch = try ScratchDirectory(named: "round")
        defer { scratch.remove() }
        symlink(scratch.path, "\(scratch.path)/round")
        try scratch.makeDirectory("kasa")
        symlink("..", "\(scratch.path)/kasa/up")
        var watch = try DirectoryWatch(scratch.path)
        #expect(watch.changes(at: .now) == [.everything])
        #expect(watch.count == 2)
        try TextFile.write("", to: "\(scratch.path)/kasa/x")
        #expect(watch.changes(at: .now).contains(.changed("kasa")))
    }
}
