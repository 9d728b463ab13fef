import Glibc
import HostAPI
import Links
import Manifests
import Synchronization
import TestSupport
import Testing

/// The watch on a real directory.
struct LinkWatchTests {
    /// A linked directory that is watched, and what was said of it.
    private final class Linked: Sendable {
        let author: AuthorDirectory
        let code: String
        private let news = Mutex<[LinkWatch.News]>([])
        private let watch = Mutex<LinkWatch?>(nil)

        init(isFirstNews: Bool = true) throws {
            author = try AuthorDirectory()
            code = "\(author.path)/.build/debug/libkasa-plug.so"
            try author.write("", to: ".build/debug/.keep")
            try TestELF.write(try TestELF.bytes()[...], to: code)
            var times = LinkWatch.Times()
            times.quiet = .milliseconds(150)
            times.missing = .milliseconds(100)
            let watch = try LinkWatch(author.path, isFirstNews: isFirstNews, times: times) { [weak self] item in
                self?.news.withLock { $0.append(item) }
            }
            self.watch.withLock { $0 = watch }
        }

        func end() {
            watch.withLock { $0 = nil }
            author.remove()
        }

        /// Appends to the code, so that it is another one and still whole.
        func build(_ text: String, at path: String? = nil) throws {
            try TestELF.write((try TestELF.bytes() + Array(text.utf8))[...], to: path ?? code)
        }

        var all: [LinkWatch.News] { news.withLock { $0 } }
        var changes: [LinkedPackage] {
            all.compactMap { if case .changed(let linked) = $0 { linked } else { nil } }
        }
        var problems: [Failure] {
            all.compactMap { if case .broken(let failure) = $0 { failure } else { nil } }
        }
    }

    @Test func whatIsThereIsNewsIfThatIsWanted() async throws {
        let linked = try Linked()
        defer { linked.end() }
        try await eventually("the first news") { linked.changes.count == 1 }
        #expect(linked.changes[0].codePath == linked.code)
        let silent = try Linked(isFirstNews: false)
        defer { silent.end() }
        try await eventually("news") {
            try silent.build("\(Int.random(in: 0..<1_000_000))")
            try await Task.sleep(for: .milliseconds(300))
            return !silent.all.isEmpty
        }
    }

    @Test func aBuildInPlaceAndOneByRenameAreNews() async throws {
        let linked = try Linked()
        defer { linked.end() }
        try await eventually("the first news") { linked.changes.count == 1 }
        try linked.build("in place")
        try await eventually("the second") { linked.changes.count == 2 }
        try linked.build("by rename", at: "\(linked.code).new")
        #expect(rename("\(linked.code).new", linked.code) == 0)
        try await eventually("the third") { linked.changes.count == 3 }
        try linked.author.writeManifest(version: "1.0.1")
        try await eventually("the fourth") { linked.changes.count == 4 }
        #expect(linked.changes[3].manifest.version.description == "1.0.1")
    }

    @Test func theSameContentIsNoNews() async throws {
        let linked = try Linked()
        defer { linked.end() }
        try await eventually("the first news") { linked.changes.count == 1 }
        try linked.build("")
        try linked.author.writeManifest()
        try linked.author.write("source", to: "main.swift")
        try await stays(1) { linked.all.count }
        try linked.build("other")
        try await eventually("the second") { linked.changes.count == 2 }
    }

    @Test func halfABuildIsNoNews() async throws {
        let linked = try Linked()
        defer { linked.end() }
        try await eventually("the first news") { linked.changes.count == 1 }
        let bytes = try TestELF.bytes() + Array("other".utf8)
        try TestELF.write(bytes.prefix(bytes.count / 2), to: linked.code)
        try await stays(1) { linked.all.count }
        try TestELF.write(bytes[...], to: linked.code)
        try await eventually("the second") { linked.changes.count == 2 }
    }

    @Test func aCleanBuildIsNews() async throws {
        let linked = try Linked()
        defer { linked.end() }
        try await eventually("the first news") { linked.changes.count == 1 }
        try run("rm -rf '\(linked.author.path)/.build'")
        try await eventually("that it is missing") { linked.problems.count == 1 }
        #expect(linked.problems[0].message.hasPrefix("the code of kasa was not found"))
        try await stays(1) { linked.problems.count }
        try run("mkdir -p '\(linked.author.path)/.build/debug'")
        try linked.build("again")
        try await eventually("the second") { linked.changes.count == 2 }
        // And the new directory is watched.
        try linked.build("and again")
        try await eventually("the third") { linked.changes.count == 3 }
    }

    @Test func aManifestThatIsWrongIsSaidOnce() async throws {
        let linked = try Linked()
        defer { linked.end() }
        try await eventually("the first news") { linked.changes.count == 1 }
        try TextFile.write("manifest: [", to: "\(linked.author.path)/plugin.yaml")
        try await eventually("the problem") { linked.problems.count == 1 }
        try await stays(1) { linked.problems.count }
        try linked.author.writeManifest()
        try linked.build("other")
        try await eventually("the second") { linked.changes.count == 2 }
    }

    @Test func aNewerBuildElsewhereIsUsed() async throws {
        let linked = try Linked()
        defer { linked.end() }
        try await eventually("the first news") { linked.changes.count == 1 }
        try run("mkdir -p '\(linked.author.path)/target/release'")
        let other = "\(linked.author.path)/target/release/libkasa_plug.so"
        try linked.build("rust", at: other)
        try await eventually("the second") { linked.changes.count == 2 }
        #expect(linked.changes[1].codePath == other)
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
