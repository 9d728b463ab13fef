import Glibc
import TestSupport
import Testing

@testable import Links

/// What is remembered of a checkout, and when it is read anew.
struct GitCheckoutCacheTests {
    private let repository: GitRepository
    private let cache = GitCheckoutCache()

    init() throws {
        repository = try GitRepository()
        try repository.commit()
        try repository.git("remote add origin https://example.org/a.git")
    }

    /// Makes git's files look as if nobody had touched them for a while.
    private func age() throws { try run("find '\(repository.path)/.git' -exec touch -d '1 hour ago' {} +") }

    private var current: GitCheckout? { cache.outcome(of: repository.path).checkout }

    @Test func anUnchangedOneIsReadOnce() throws {
        defer { repository.remove() }
        try age()
        let first = try #require(current)
        let reads = cache.reads
        #expect(reads > 0)
        for _ in 0..<100 { #expect(current == first) }
        // Git writes its index and locks beside; that is none of ours.
        try repository.git("status")
        #expect(current == first)
        #expect(cache.reads == reads)
    }

    /// Each change shows at the next look, however soon after the one before.
    @Test func everyChangeShowsAtOnce() throws {
        defer { repository.remove() }
        for _ in 0..<5 {
            let before = current?.commit
            try repository.commit()
            #expect(current?.commit != before)
            try repository.expectAgreement()
            #expect(cache.outcome(of: repository.path) == GitCheckout.read(repository.path))
        }
        try age()
        let old = current
        try repository.git("pack-refs --all --prune")
        #expect(current == old)
        try age()
        #expect(current == old)
        try repository.git("remote set-url origin https://example.org/b.git")
        #expect(current?.remote == "https://example.org/b.git")
        try repository.git("checkout -q -b other")
        #expect(current?.branch == "other")
        try repository.git("checkout -q --detach")
        #expect(current?.branch == nil)
    }

    @Test func aFastForwardOfPackedReferencesShows() throws {
        defer { repository.remove() }
        try repository.git("pack-refs --all --prune")
        try age()
        let old = current?.commit
        try repository.commit()
        let loose = current?.commit
        #expect(loose != old)
        try age()
        #expect(current?.commit == loose)
        try repository.git("pack-refs --all --prune")
        #expect(current?.commit == loose)
    }

    /// Another write within the same tick of the clock would not show in its times.
    @Test func whatWasJustWrittenIsReadAgain() throws {
        defer { repository.remove() }
        let head = "\(repository.path)/.git/HEAD"
        try age()
        var old = GitFiles()
        #expect(try old.line(head) == "ref: refs/heads/main")
        #expect(old.isCurrent())
        try TextFile.write("ref: refs/heads/other\n", to: head)
        #expect(!old.isCurrent())
        var fresh = GitFiles()
        #expect(try fresh.line(head) == "ref: refs/heads/other")
        #expect(!fresh.isCurrent())
    }

    @Test func aRepositoryThatComesOrGoesShows() throws {
        defer { repository.remove() }
        let plain = try repository.scratch.makeDirectory("plain/below")
        #expect(cache.outcome(of: plain) == .none)
        try run("cp -r '\(repository.path)/.git' '\(repository.scratch.path)/plain/.git'")
        #expect(cache.outcome(of: plain).checkout == current)
        try run("rm -rf '\(repository.scratch.path)/plain/.git'")
        #expect(cache.outcome(of: plain) == .none)
    }
}
