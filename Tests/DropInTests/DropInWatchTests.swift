import DropIn
import Glibc
import HostAPI
import TestSupport
import Testing

/// The watch on real directories.
struct DropInWatchTests {
    @Test func whatLiesThereAtTheStartIsSaidTogether() async throws {
        let drop = try WatchedDropIns("start") { drop in
            for name in ["b", "a", ".hidden", "kasa.tar.gz.part", "copy~"] {
                try drop.package("\(drop.directory)/\(name)")
            }
            try TextFile.write("x", to: "\(drop.directory)/README.txt")
            try TextFile.write("x", to: "\(drop.directory)/c.tar.gz")
        }
        defer { drop.end() }
        try await eventually("the first news") { !drop.all.isEmpty }
        #expect(drop.all[0].isAtStart)
        #expect(drop.all[0].due.map(\.name) == ["a", "b", "c.tar.gz"])
        #expect(drop.all[0].problem == nil)
    }

    @Test func nothingAtTheStartIsSaidToo() async throws {
        let drop = try WatchedDropIns("empty")
        defer { drop.end() }
        try await eventually("the first news") { !drop.all.isEmpty }
        #expect(drop.all[0] == DropInNews(isAtStart: true))
    }

    @Test func aSlowCopyIsLookedAtWhenItRests() async throws {
        let drop = try WatchedDropIns("slow")
        defer { drop.end() }
        try await eventually("the first news") { !drop.all.isEmpty }
        mkdir("\(drop.directory)/kasa", 0o755)
        try await eventually("a look at what is not whole") { !drop.looks(at: "kasa").isEmpty }
        // Deeper down: a directory that appeared after the watch began.
        mkdir("\(drop.directory)/kasa/resources", 0o755)
        let before = drop.looks(at: "kasa").count
        try await eventually("another look") { drop.looks(at: "kasa").count > before }
        let middle = drop.looks(at: "kasa").count
        try TextFile.write("x", to: "\(drop.directory)/kasa/resources/icon")
        try TextFile.write("manifest: 1\n", to: "\(drop.directory)/kasa/plugin.yaml")
        try await eventually("a look at what is whole") { drop.looks(at: "kasa").count > middle }
        #expect(drop.all.allSatisfy { !$0.isAtStart || $0.due.isEmpty })
        try await stays(drop.looks(at: "kasa").count) { drop.looks(at: "kasa").count }
    }

    @Test func whatIsNotWholeIsLookedAtTwiceMoreWithoutEvents() async throws {
        let drop = try WatchedDropIns("retries")
        defer { drop.end() }
        try await eventually("the first news") { !drop.all.isEmpty }
        mkdir("\(drop.directory)/kasa", 0o755)
        try await eventually("three looks") { drop.looks(at: "kasa").count == 3 }
        let looks: [Settling.Due.Matter] = [.look(isLast: false), .look(isLast: false), .look(isLast: true)]
        #expect(drop.looks(at: "kasa").map(\.matter) == looks)
    }

    @Test func movingInIsOneLook() async throws {
        let drop = try WatchedDropIns("move")
        defer { drop.end() }
        try await eventually("the first news") { !drop.all.isEmpty }
        try drop.package("\(drop.outside)/kasa")
        #expect(rename("\(drop.outside)/kasa", "\(drop.directory)/kasa") == 0)
        try await eventually("a look") { !drop.looks(at: "kasa").isEmpty }
        try await stays(1) { drop.looks(at: "kasa").count }
        // What was moved in is watched.
        try TextFile.write("other", to: "\(drop.directory)/kasa/x.so")
        try await eventually("a second look") { drop.looks(at: "kasa").count == 2 }
    }

    @Test func unpackingAnArchiveIntoItIsSeen() async throws {
        let drop = try WatchedDropIns("tar")
        defer { drop.end() }
        try await eventually("the first news") { !drop.all.isEmpty }
        try drop.package("\(drop.outside)/kasa")
        try drop.shell("mkdir -p \(drop.outside)/kasa/a/b/c && echo x > \(drop.outside)/kasa/a/b/c/d")
        try drop.shell("tar -C \(drop.outside) -c kasa | tar -C \(drop.directory) -x")
        try await eventually("a look") { !drop.looks(at: "kasa").isEmpty }
        let before = drop.looks(at: "kasa").count
        try TextFile.write("y", to: "\(drop.directory)/kasa/a/b/c/d")
        try await eventually("a look at a change deep down") { drop.looks(at: "kasa").count > before }
    }

    @Test func anEditorsSaveByRenameIsSeen() async throws {
        let drop = try WatchedDropIns("editor") { try $0.package("\($0.directory)/kasa") }
        defer { drop.end() }
        try await eventually("the first news") { !drop.looks(at: "kasa").isEmpty }
        let path = "\(drop.directory)/kasa/plugin.yaml"
        try TextFile.write("manifest: 1\nid: kasa\n", to: "\(path).swp")
        #expect(rename("\(path).swp", path) == 0)
        try await eventually("a look") { drop.looks(at: "kasa").count == 2 }
    }

    @Test func aDownloadIsLookedAtUnderItsLastNameOnly() async throws {
        let drop = try WatchedDropIns("download")
        defer { drop.end() }
        try await eventually("the first news") { !drop.all.isEmpty }
        try TextFile.write("some", to: "\(drop.directory)/kasa.tar.gz.crdownload")
        try TextFile.write("some more", to: "\(drop.directory)/kasa.tar.gz.crdownload")
        #expect(rename("\(drop.directory)/kasa.tar.gz.crdownload", "\(drop.directory)/kasa.tar.gz") == 0)
        try await eventually("a look") { !drop.looks(at: "kasa.tar.gz").isEmpty }
        #expect(drop.looks(at: "kasa.tar.gz.crdownload").isEmpty)
    }

    @Test func aSharedObjectThatGrowsIsLookedAtUntilItIsWhole() async throws {
        let drop = try WatchedDropIns("grows")
        defer { drop.end() }
        try await eventually("the first news") { !drop.all.isEmpty }
        let path = "\(drop.directory)/kasa.so"
        try TextFile.write("half", to: path)
        try await eventually("a look at the half") { !drop.looks(at: "kasa.so").isEmpty }
        try TextFile.write("half and whole", to: path)
        let before = drop.looks(at: "kasa.so").count
        try await eventually("a look at the whole") { drop.looks(at: "kasa.so").count > before }
        try await stays(drop.looks(at: "kasa.so").count) { drop.looks(at: "kasa.so").count }
    }

    @Test func removingIsSaidOnce() async throws {
        let drop = try WatchedDropIns("remove") { try $0.package("\($0.directory)/kasa") }
        defer { drop.end() }
        try await eventually("the first news") { !drop.looks(at: "kasa").isEmpty }
        try drop.shell("rm -r \(drop.directory)/kasa")
        try await eventually("its loss") { drop.losses(of: "kasa") == 1 }
        try await stays(1) { drop.losses(of: "kasa") }
    }

    @Test func theSameContentPutThereAnewIsAnotherCopy() async throws {
        let drop = try WatchedDropIns("anew") { try $0.package("\($0.directory)/kasa") }
        defer { drop.end() }
        try await eventually("the first news") { !drop.looks(at: "kasa").isEmpty }
        let old = try #require(CopyIdentity.of("\(drop.directory)/kasa", packageHash: "same"))
        #expect(old == CopyIdentity.of("\(drop.directory)/kasa", packageHash: "same"))
        try drop.package("\(drop.outside)/kasa")
        try drop.shell("rm -r \(drop.directory)/kasa && cp -r \(drop.outside)/kasa \(drop.directory)/kasa")
        let new = try #require(CopyIdentity.of("\(drop.directory)/kasa", packageHash: "same"))
        #expect(!new.isSame(as: old))
        #expect(new.bornNanoseconds > old.bornNanoseconds)
        try await eventually("a second look") { drop.looks(at: "kasa").count == 2 }
        #expect(drop.looks(at: "kasa")[1].isAnother || drop.losses(of: "kasa") == 1)
    }

    @Test func renamingIsALookAndThenALoss() async throws {
        let drop = try WatchedDropIns("rename") { try $0.package("\($0.directory)/kasa") }
        defer { drop.end() }
        try await eventually("the first news") { !drop.looks(at: "kasa").isEmpty }
        let old = CopyIdentity.of("\(drop.directory)/kasa", packageHash: "same")
        #expect(rename("\(drop.directory)/kasa", "\(drop.directory)/kasa-2") == 0)
        #expect(CopyIdentity.of("\(drop.directory)/kasa-2", packageHash: "same") == old)
        try await eventually("its loss") { drop.losses(of: "kasa") == 1 }
        let order = drop.all.flatMap(\.due).map(\.name)
        #expect(order == ["kasa", "kasa-2", "kasa"])
        // It is watched under its new name only.
        try TextFile.write("other", to: "\(drop.directory)/kasa-2/x.so")
        try await eventually("a look") { drop.looks(at: "kasa-2").count == 2 }
        #expect(drop.looks(at: "kasa").count == 1)
    }

    @Test func aLinkToADirectoryIsFollowed() async throws {
        let drop = try WatchedDropIns("link") { drop in
            try drop.package("\(drop.outside)/kasa")
            symlink("\(drop.outside)/kasa", "\(drop.directory)/kasa")
        }
        defer { drop.end() }
        try await eventually("the first news") { !drop.looks(at: "kasa").isEmpty }
        // And a second one to the same place, later.
        symlink("\(drop.outside)/kasa", "\(drop.directory)/again")
        try await eventually("the second") { !drop.looks(at: "again").isEmpty }
        try TextFile.write("other", to: "\(drop.outside)/kasa/x.so")
        try await eventually("both looked at") {
            drop.looks(at: "kasa").count == 2 && drop.looks(at: "again").count == 2
        }
        unlink("\(drop.directory)/again")
        try await eventually("its loss") { drop.losses(of: "again") == 1 }
        try TextFile.write("third", to: "\(drop.outside)/kasa/x.so")
        try await eventually("the first still looked at") { drop.looks(at: "kasa").count == 3 }
    }

    @Test func theDirectoryRemovedAndMadeAgain() async throws {
        let drop = try WatchedDropIns("again") { drop in
            try drop.package("\(drop.directory)/kasa")
            try drop.package("\(drop.directory)/hue")
        }
        defer { drop.end() }
        try await eventually("the first news") { !drop.looks(at: "kasa").isEmpty }
        #expect(rename(drop.directory, "\(drop.outside)/away") == 0)
        try await eventually("a problem") { drop.problems.count == 1 }
        #expect(drop.problems[0].message.contains("cannot be read"))
        try await stays(0) { drop.losses(of: "kasa") + drop.losses(of: "hue") }
        #expect(drop.problems.count == 1)
        mkdir(drop.directory, 0o755)
        #expect(rename("\(drop.outside)/away/kasa", "\(drop.directory)/kasa") == 0)
        try await eventually("the end of the problem") { drop.problem == nil }
        try await eventually("the loss of what is not there any more") { drop.losses(of: "hue") == 1 }
        try drop.package("\(drop.directory)/new")
        try await eventually("a look at what is new") { !drop.looks(at: "new").isEmpty }
        #expect(drop.losses(of: "kasa") == 0)
    }

    @Test func theProblemIsInAllNewsAsLongAsItLasts() async throws {
        let drop = try WatchedDropIns("lasting") { drop in
            try drop.package("\(drop.directory)/kasa")
            try drop.package("\(drop.directory)/hue")
        }
        defer { drop.end() }
        try await eventually("the first news") { !drop.looks(at: "kasa").isEmpty }
        let before = drop.all.count
        try drop.shell("rm -r \(drop.directory)")
        try await eventually("the losses") { drop.losses(of: "kasa") + drop.losses(of: "hue") == 2 }
        try await eventually("the problem") { drop.problem != nil }
        let news = drop.all[before...]
        let first = news.firstIndex { $0.problem != nil } ?? news.endIndex
        #expect(news[first...].allSatisfy { $0.problem?.message.contains("cannot be read") == true })
        #expect(news[first...].contains { $0.due.contains { $0.matter == .vanished } })
        mkdir(drop.directory, 0o755)
        try await eventually("the end of the problem") { drop.problem == nil }
        try drop.package("\(drop.directory)/new")
        try await eventually("a look at what is new") { !drop.looks(at: "new").isEmpty }
        #expect(drop.problem == nil)
    }

    @Test func aThousandAtOnce() async throws {
        let drop = try WatchedDropIns("thousand")
        defer { drop.end() }
        try await eventually("the first news") { !drop.all.isEmpty }
        for number in 0..<1_000 { try drop.package("\(drop.directory)/plugin-\(number)") }
        try await eventually("a look at each", within: .seconds(120)) {
            Set(drop.all.flatMap(\.due).map(\.name)).count == 1_000
        }
        try drop.shell("rm -r \(drop.directory)/*")
        try await eventually("the loss of each", within: .seconds(120)) {
            drop.all.flatMap(\.due).count { $0.matter == .vanished } == 1_000
        }
    }

    @Test func everythingCanBeLookedAtAgain() async throws {
        let drop = try WatchedDropIns("forced") { try $0.package("\($0.directory)/kasa") }
        defer { drop.end() }
        try await eventually("the first news") { !drop.looks(at: "kasa").isEmpty }
        drop.lookAtEverything()
        try await eventually("a second look") { drop.looks(at: "kasa").count == 2 }
        try drop.shell("rm -r \(drop.directory)/kasa")
        try await eventually("its loss") { drop.losses(of: "kasa") == 1 }
    }

    /// The system grants 128 such descriptors to a user: if they leaked, this would fail.
    @Test func nothingIsLeftOpen() async throws {
        for _ in 0..<140 {
            let drop = try WatchedDropIns("leak") { try $0.package("\($0.directory)/kasa") }
            defer { drop.end() }
            try await eventually("the first news") { !drop.all.isEmpty }
        }
    }
}

/// Nothing changes for as long as the watch could need to see something.
private func stays(_ expected: Int, _ value: () -> Int) async throws {
    let end = ContinuousClock.now + .milliseconds(700)
    while ContinuousClock.now < end {
        #expect(value() == expected)
        try await Task.sleep(for: .milliseconds(50))
    }
}
