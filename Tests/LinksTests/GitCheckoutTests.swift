import Glibc
import Links
import TestSupport
import Testing

/// What git's files say, against what git says.
struct GitCheckoutTests {
    private let repository: GitRepository

    init() throws { repository = try GitRepository() }

    @Test func aDirectoryOutsideOfARepositoryIsNone() throws {
        defer { repository.remove() }
        #expect(GitCheckout.read(try repository.scratch.makeDirectory("plain")) == .none)
    }

    @Test func aNewRepositoryHasABranchAndNoCommit() throws {
        defer { repository.remove() }
        #expect(GitCheckout.read(repository.path) == .checkout(GitCheckout(branch: "main", commit: nil, remote: nil)))
    }

    @Test func aBranchWithACommit() throws {
        defer { repository.remove() }
        try repository.commit()
        try repository.expectAgreement()
        try repository.git("checkout -q -b feature/deep-name")
        try repository.commit()
        try repository.expectAgreement()
        // Anywhere in the checkout.
        let below = try repository.scratch.makeDirectory("repository/plugins/kasa")
        #expect(GitCheckout.read(below) == GitCheckout.read(repository.path))
    }

    @Test func packedReferences() throws {
        defer { repository.remove() }
        try repository.commit()
        for branch in ["a", "b/a", "c-main"] { try repository.git("branch \(branch)") }
        try repository.git("tag -a -m text tagged")
        try repository.git("pack-refs --all --prune")
        try repository.expectAgreement()
        #expect(access("\(repository.path)/.git/refs/heads/main", F_OK) != 0)
        // A loose one counts before a packed one.
        try repository.commit()
        try repository.expectAgreement()
    }

    @Test func aCommitWithoutABranch() throws {
        defer { repository.remove() }
        try repository.commit()
        try repository.git("checkout -q --detach")
        try repository.expectAgreement()
        #expect(GitCheckout.read(repository.path).checkout?.branch == nil)
    }

    @Test func aWorktreeAndASubmodule() throws {
        defer { repository.remove() }
        try repository.commit()
        try repository.git("remote add origin https://example.org/kasa.git")
        try repository.git("worktree add -q ../tree -b other")
        let tree = "\(repository.scratch.path)/tree"
        try repository.expectAgreement(tree)
        #expect(GitCheckout.read(tree).checkout?.branch == "other")
        try repository.git("pack-refs --all --prune")
        try repository.expectAgreement(tree)
        try repository.git("-c protocol.file.allow=always submodule --quiet add \(repository.path) part")
        try repository.expectAgreement("\(repository.path)/part")
    }

    @Test func remotes() throws {
        defer { repository.remove() }
        try repository.commit()
        try repository.git("remote add upstream https://example.org/only.git")
        #expect(GitCheckout.read(repository.path).checkout?.remote == "https://example.org/only.git")
        try repository.git("remote add origin https://example.org/origin.git")
        #expect(GitCheckout.read(repository.path).checkout?.remote == "https://example.org/origin.git")
        try repository.git("config branch.main.remote upstream")
        #expect(GitCheckout.read(repository.path).checkout?.remote == "https://example.org/only.git")
        try repository.git("remote set-url upstream 'ssh://git@example.org/with space;and#signs\"quoted\"'")
        try repository.expectAgreement()
        try repository.git("checkout -q -b 'odd\"name#x'")
        try repository.git("config 'branch.odd\"name#x.remote' upstream")
        try repository.expectAgreement()
        #expect(GitCheckout.read(repository.path).checkout?.remote?.contains("with space") == true)
    }

    @Test func referencesInOtherFormatsAreSaid() throws {
        defer { repository.remove() }
        try repository.git("config core.repositoryformatversion 1")
        try repository.git("config extensions.refStorage reftable")
        let reason = "the repository keeps its branches as reftable, which cannot be read"
        #expect(GitCheckout.read(repository.path) == .unknown(reason))
        #expect(GitCheckout.read(repository.path).checkout == nil)
    }

    @Test(arguments: [
        "ref: ../../../etc/passwd", "ref: refs/../../x", "ref: refs/heads/\u{1B}[2J", "ref: main", "garbage", "",
        "ref: refs/heads//x", "abcdef",
    ])
    func hostileHeadsAreSaid(_ head: String) throws {
        defer { repository.remove() }
        try TextFile.write(head, to: "\(repository.path)/.git/HEAD")
        guard case .unknown(let reason) = GitCheckout.read(repository.path) else {
            Issue.record("\(head) was taken")
            return
        }
        #expect(!reason.contains("\u{1B}"))
    }

    @Test func aReferenceThatLeadsToItselfIsSaid() throws {
        defer { repository.remove() }
        try TextFile.write("ref: refs/heads/main\n", to: "\(repository.path)/.git/refs/heads/main")
        #expect(
            GitCheckout.read(repository.path)
                == .unknown("the reference refs/heads/main leads to others without an end")
        )
    }

    @Test func aPipeDoesNotHoldUpTheHost() throws {
        defer { repository.remove() }
        unlink("\(repository.path)/.git/HEAD")
        mkfifo("\(repository.path)/.git/HEAD", 0o600)
        #expect(GitCheckout.read(repository.path) == .unknown("\(repository.path)/.git/HEAD is not a regular file"))
    }

    @Test(arguments: [
        ("https://example.org/a.git", "https://example.org/a.git"),
        ("https://user:secret@example.org/a.git", "https://example.org/a.git"),
        ("https://token@example.org:8443/a.git", "https://example.org:8443/a.git"),
        ("HTTPS://user:se@cret@example.org/a@b", "HTTPS://example.org/a@b"),
        ("https://user:se/cret@example.org/a", "https://example.org/a"),
        ("https://example.org/a?private_token=secret#x", "https://example.org/a"),
        ("https://example.org:8443/@scope/a", "https://example.org:8443/@scope/a"),
        ("ssh://git@example.org/a.git", "ssh://git@example.org/a.git"),
        ("ssh://git:secret@example.org:22/a.git", "ssh://git@example.org:22/a.git"),
        ("git@example.org:a/b.git", "git@example.org:a/b.git"),
        ("/srv/git/a.git", "/srv/git/a.git"),
    ])
    func credentialsAreNotShown(_ url: String, _ shown: String) throws {
        defer { repository.remove() }
        try repository.git("remote add origin '\(url)'")
        #expect(GitCheckout.read(repository.path).checkout?.remote == shown)
    }
}
