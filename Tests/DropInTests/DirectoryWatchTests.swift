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

    @Test func tooDeepIsLookedAtNowAndThen() throws {
        let scratch = try ScratchDirectory(named: "deep")
        defer { scratch.remove() }
        try scratch.makeDirectory("kasa/2/3/4/5/6/7/8/9")
        var watch = try DirectoryWatch(scratch.path)
        let deepest = "\(scratch.path)/kasa/2/3/4/5/6/7/8/9"
        #expect(watch.changes(at: .now) == [.everything])
        #expect(watch.obstacle == "\(deepest) lies more than 8 directories deep")
        let nextTurn = watch.nextTurn
        let next = try #require(nextTurn)
        #expect(watch.changes(at: next - .seconds(1)).isEmpty)
        #expect(watch.changes(at: next) == [.unwatched("kasa")])
        rmdir(deepest)
        #expect(watch.changes(at: next + .seconds(11)) == [.changed("kasa"), .unwatched("kasa")])
        #expect(watch.obstacle == nil)
        // All of it is watched again.
        #expect(watch.nextTurn == nil)
    }

    @Test(arguments: ["/", "/usr", "/proc/self/root/etc"]) func aLinkOutIsNotLookedInto(_ target: String) throws {
        let scratch = try ScratchDirectory(named: "out")
        defer { scratch.remove() }
        symlink(target, "\(scratch.path)/out")
        var watch = try DirectoryWatch(scratch.path)
        #expect(watch.changes(at: .now) == [.everything])
        #expect(watch.count == 2)
        #expect(watch.obstacle == nil)
        #expect(watch.nextTurn == nil)
    }

    @Test(arguments: ["/proc", "/proc/self/fd", "/sys", "/dev/shm"]) func theKernelsFilesAreNotWatched(
        _ target: String
    ) throws {
        let scratch = try ScratchDirectory(named: "kernel")
        defer { scratch.remove() }
        symlink(target, "\(scratch.path)/out")
        var watch = try DirectoryWatch(scratch.path)
        #expect(watch.changes(at: .now) == [.everything])
        #expect(watch.count == 1)
    }

    @Test func aLinksTargetIsWatchedOnceItHasAManifest() throws {
        let scratch = try ScratchDirectory(named: "manifest")
        defer { scratch.remove() }
        let target = try scratch.makeDirectory("target")
        try scratch.makeDirectory("target/a/b")
        let directory = try scratch.makeDirectory("plugins.d")
        symlink(target, "\(directory)/kasa")
        var watch = try DirectoryWatch(directory)
        _ = watch.changes(at: .now)
        #expect(watch.count == 2)
        // Nothing but a manifest matters until then.
        try TextFile.write("", to: "\(target)/other")
        try scratch.makeDirectory("target/c")
        #expect(watch.changes(at: .now).isEmpty)
        symlink("/etc/passwd", "\(target)/plugin.yaml")
        #expect(watch.changes(at: .now) == [.changed("kasa")])
        #expect(watch.count == 2)
        unlink("\(target)/plugin.yaml")
        try TextFile.write("", to: "\(target)/plugin.yaml")
        #expect(watch.changes(at: .now).contains(.changed("kasa")))
        #expect(watch.count == 5)
        try TextFile.write("", to: "\(target)/a/b/x")
        #expect(watch.changes(at: .now).contains(.changed("kasa")))
        unlink("\(target)/plugin.yaml")
        #expect(watch.changes(at: .now).contains(.changed("kasa")))
        #expect(watch.count == 2)
    }

    /// The neighbour's own watch is not narrowed by a link that leads to it.
    @Test func aLinkToANeighbourWithoutAManifest() throws {
        let scratch = try ScratchDirectory(named: "neighbour")
        defer { scratch.remove() }
        try scratch.makeDirectory("kasa")
        symlink("kasa", "\(scratch.path)/after")
        symlink("kasa", "\(scratch.path)/late")
        var watch = try DirectoryWatch(scratch.path)
        _ = watch.changes(at: .now)
        try TextFile.write("x", to: "\(scratch.path)/kasa/x")
        #expect(watch.changes(at: .now).contains(.changed("kasa")))
        try TextFile.write("y", to: "\(scratch.path)/kasa/x")
        #expect(Set(watch.changes(at: .now).map { "\($0)" }) == [#"changed("kasa")"#])
    }

    @Test func aLargeEntryTakesNothingFromOthers() throws {
        let scratch = try ScratchDirectory(named: "large")
        defer { scratch.remove() }
        for number in 0..<20 { try scratch.makeDirectory("large/\(number)/below") }
        try scratch.makeDirectory("small/resources")
        var limits = WatchLimits()
        limits.directoriesOfEntry = 10
        var watch = try DirectoryWatch(scratch.path, limits: limits)
        #expect(watch.changes(at: .now) == [.everything])
        #expect(watch.count == 1 + 10 + 2)
        #expect(watch.obstacle == "large holds more than 10 directories")
        let nextTurn = watch.nextTurn
        let next = try #require(nextTurn)
        #expect(watch.changes(at: next) == [.unwatched("large")])
        try TextFile.write("", to: "\(scratch.path)/small/resources/icon")
        #expect(Set(watch.changes(at: next).map { "\($0)" }) == [#"changed("small")"#])
        // More of it changes nothing about that.
        try scratch.makeDirectory("large/more")
        _ = watch.changes(at: next)
        #expect(watch.count == 1 + 10 + 2)
        try run("rm -r \(scratch.path)/large/*")
        _ = watch.changes(at: next + .seconds(11))
        #expect(watch.obstacle == nil)
        #expect(watch.count == 1 + 1 + 2)
    }

    @Test func manyFilesOfAnEntryAreNotAllRead() throws {
        let scratch = try ScratchDirectory(named: "files")
        defer { scratch.remove() }
        try scratch.makeDirectory("kasa")
        for number in 0..<20 { try TextFile.write("", to: "\(scratch.path)/kasa/\(number)") }
        var limits = WatchLimits()
        limits.namesOfEntry = 19
        var watch = try DirectoryWatch(scratch.path, limits: limits)
        _ = watch.changes(at: .now)
        #expect(watch.obstacle == "kasa holds more than 19 files")
        limits.namesOfEntry = 20
        watch = try DirectoryWatch(scratch.path, limits: limits)
        _ = watch.changes(at: .now)
        #expect(watch.obstacle == nil)
    }

    @Test func nothingIsWalkedOnceItIsStopped() throws {
        let scratch = try ScratchDirectory(named: "stopped")
        defer { scratch.remove() }
        try scratch.makeDirectory("kasa/a")
        let stop = StopFlag()
        stop.stop()
        var watch = try DirectoryWatch(scratch.path, stop: stop)
        _ = watch.changes(at: .now)
        #expect(watch.count == 0)
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
