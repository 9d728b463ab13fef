import Glibc
import Links
import TestSupport
import Testing

/// A real repository of one test.
struct GitRepository {
    let scratch: ScratchDirectory
    let path: String

    init() throws {
        scratch = try ScratchDirectory(named: "git")
        path = try scratch.makeDirectory("repository")
        try git("init -q -b main")
    }

    func remove() { _ = try? run("rm -rf '\(scratch.path)'") }

    func git(_ arguments: String) throws { try output(arguments, in: path) }

    func commit() throws { try git("commit -q --allow-empty -m text") }

    /// What git writes on its output, without the end of the line; nil if it fails.
    @discardableResult
    private func output(_ arguments: String, in directory: String) throws -> String {
        let settings = "-c user.name=x -c user.email=x@example.org -c commit.gpgsign=false"
        let file = "\(scratch.path)/output"
        try run(
            "cd '\(directory)' && export HOME=/nowhere && { git \(settings) \(arguments); } > '\(file)' 2> '\(file).err'"
        )
        let text = TextFile.contents(file) ?? ""
        return text.hasSuffix("\n") ? String(text.dropLast()) : text
    }

    /// What is read of the files is what git says.
    func expectAgreement(_ directory: String? = nil, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let directory = directory ?? path
        let branch = try output("symbolic-ref -q --short HEAD || true", in: directory)
        let commit = try output("rev-parse HEAD", in: directory)
        let remote = try output("config branch.'\(branch)'.remote || true", in: directory)
        let name = remote.isEmpty ? "origin" : remote
        let url = try output("config remote.\(name).url || true", in: directory)
        let said = GitCheckout(
            branch: branch.isEmpty ? nil : branch,
            commit: commit,
            remote: url.isEmpty ? nil : url
        )
        #expect(GitCheckout.read(directory) == .checkout(said), sourceLocation: sourceLocation)
    }
}

/// Runs a command of the shell to its end.
func run(_ command: String) throws {
    var child: pid_t = 0
    let arguments: [UnsafeMutablePointer<CChar>?] = [strdup("/bin/sh"), strdup("-c"), strdup(command), nil]
    defer { for argument in arguments { free(argument) } }
    guard posix_spawn(&child, "/bin/sh", nil, nil, arguments, environ) == 0 else { throw SystemFailure(command) }
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0, errno == EINTR {}
    guard status == 0 else { throw SystemFailure(command) }
}
