import DropIn
import Glibc
import HostAPI
import TestSupport
import Testing

/// What is not watched, or not in full.
struct DropInLimitsTests {
    @Test func aLinkIsLookedIntoOnceThereIsAManifest() async throws {
        let drop = try WatchedDropIns("appears")
        defer { drop.end() }
        try await eventually("the first news") { !drop.all.isEmpty }
        mkdir("\(drop.outside)/kasa", 0o755)
        mkdir("\(drop.outside)/kasa/resources", 0o755)
        symlink("\(drop.outside)/kasa", "\(drop.directory)/kasa")
        try await eventually("three looks at what is not whole") { drop.looks(at: "kasa").count == 3 }
        try drop.package("\(drop.outside)/kasa")
        try await eventually("a look at what is whole") { drop.looks(at: "kasa").count > 3 }
        let before = drop.looks(at: "kasa").count
        try TextFile.write("x", to: "\(drop.outside)/kasa/resources/icon")
        try await eventually("a look at a change deep down") { drop.looks(at: "kasa").count > before }
    }

    /// The large entry is looked at now and then; what is near its top shows.
    @Test func aLargeEntryIsLookedAtNowAndThen() async throws {
        var limits = WatchLimits()
        limits.directoriesOfEntry = 3
        let drop = try WatchedDropIns("large", limits: limits) { drop in
            try drop.package("\(drop.directory)/large")
            try drop.package("\(drop.directory)/small")
            for name in ["a", "b", "c", "d"] { mkdir("\(drop.directory)/large/\(name)", 0o755) }
        }
        defer { drop.end() }
        try await eventually("the first news") { !drop.all.isEmpty }
        #expect(drop.problem?.message.contains("large holds more than 3 directories") == true)
        for name in ["a", "b", "c", "d"] {
            let before = drop.looks(at: "large").count
            try TextFile.write("x", to: "\(drop.directory)/large/\(name)/x")
            try await eventually("a look at \(name)") { drop.looks(at: "large").count > before }
        }
        #expect(drop.looks(at: "small").count == 1)
        try drop.shell("rm -r \(drop.directory)/large/?")
        try await eventually("that all is watched again") { drop.problem == nil }
    }

    @Test func moreThanCanBeWatchedIsLookedAtNowAndThen() async throws {
        var limits = WatchLimits()
        limits.directories = 3
        let drop = try WatchedDropIns("limit", limits: limits) { drop in
            for name in ["a", "b", "c", "d"] { try drop.package("\(drop.directory)/\(name)") }
        }
        defer { drop.end() }
        try await eventually("the problem") { drop.problem != nil }
        #expect(drop.problems[0].message.contains("there are more than 3 directories"))
        let unchanged = drop.all.flatMap(\.due).count
        try TextFile.write("other", to: "\(drop.directory)/d/x.so")
        try await eventually("a look at what is not watched") { drop.looks(at: "d").count == 2 }
        // Looking costs no news where nothing changed.
        #expect(drop.all.flatMap(\.due).count == unchanged + 1)
        #expect(drop.problems.count == drop.all.count)
        try drop.shell("rm -r \(drop.directory)/a \(drop.directory)/b")
        try await eventually("the losses") { drop.losses(of: "a") + drop.losses(of: "b") == 2 }
        try await eventually("that all is watched again") { drop.problem == nil }
    }
}
