internal import Glibc

/// Reads what is checked out from git's files, whose formats gitrepository-layout(5) and git-config(1) describe.
enum GitReader {
    /// Where a repository keeps what.
    private struct Place {
        /// Of this working tree: `HEAD`.
        var directory: String
        /// Of all working trees: `refs`, `packed-refs`, `config`.
        var common: String
    }

    static func read(_ directory: String, _ files: inout GitFiles) -> GitCheckout.Outcome {
        do throws(GitProblem) {
            guard let place = try find(directory, &files) else { return .none }
            let configuration = GitConfiguration(try files.bytes("\(place.common)/config", limit: 1 << 20) ?? [])
            if let storage = configuration.value("extensions", nil, "refstorage"), storage != "files" {
                return .unknown("the repository keeps its branches as \(storage.printable), which cannot be read")
            }
            return .checkout(try checkout(place, configuration, &files))
        } catch {
            return .unknown(error.reason)
        }
    }

    // MARK: Where it is

    /// The repository of the directory, or of the nearest above it that has one.
    private static func find(_ start: String, _ files: inout GitFiles) throws(GitProblem) -> Place? {
        var directory = start
        while true {
            let path = "\(directory)/.git"
            if let stamp = files.stamp(of: path) {
                let git = stamp.kind == S_IFDIR ? path : try pointedTo(from: path, in: directory, &files)
                guard let common = try files.line("\(git)/commondir") else {
                    return Place(directory: git, common: git)
                }
                return Place(directory: git, common: absolute(common, in: git))
            }
            guard let slash = directory.lastIndex(of: "/") else { return nil }
            directory = String(directory[..<slash])
        }
    }

    /// What a file `.git` of a worktree or submodule says.
    private static func pointedTo(
        from path: String,
        in directory: String,
        _ files: inout GitFiles
    ) throws(GitProblem) -> String {
        let prefix = "gitdir: "
        guard let line = try files.line(path), line.hasPrefix(prefix) else {
            throw GitProblem(reason: "\(path) does not say where the repository is")
        }
        return absolute(String(line.dropFirst(prefix.count)), in: directory)
    }

    private static func absolute(_ path: String, in directory: String) -> String {
        path.hasPrefix("/") ? path : "\(directory)/\(path)"
    }

    // MARK: What it says

    private static func checkout(
        _ place: Place,
        _ configuration: GitConfiguration,
        _ files: inout GitFiles
    ) throws(GitProblem) -> GitCheckout {
        guard let head = try files.line("\(place.directory)/HEAD") else {
            throw GitProblem(reason: "\(place.directory)/HEAD is not there")
        }
        guard let name = try reference(head) else {
            guard isCommit(head) else { throw GitProblem(reason: "\(place.directory)/HEAD names no commit") }
            return GitCheckout(branch: nil, commit: head, remote: configuration.remoteURL(branch: nil))
        }
        let prefix = "refs/heads/"
        let branch = name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : name
        return GitCheckout(
            branch: branch,
            commit: try commit(of: name, place, &files),
            remote: configuration.remoteURL(branch: branch)
        )
    }

    private static func commit(
        of name: String,
        _ place: Place,
        _ files: inout GitFiles
    ) throws(GitProblem) -> String? {
        var name = name
        for _ in 0..<5 {
            // A working tree has a few references of its own.
            let isOwn = ["refs/worktree/", "refs/bisect/", "refs/rewritten/"].contains { name.hasPrefix($0) }
            let path = "\(isOwn ? place.directory : place.common)/\(name)"
            guard let text = try files.line(path) else { return try packed(name, place, &files) }
            guard let next = try reference(text) else {
                guard isCommit(text) else { throw GitProblem(reason: "\(path) names no commit") }
                return text
            }
            name = next
        }
        throw GitProblem(reason: "the reference \(name) leads to others without an end")
    }

    private static func packed(
        _ name: String,
        _ place: Place,
        _ files: inout GitFiles
    ) throws(GitProblem) -> String? {
        guard let bytes = try files.bytes("\(place.common)/packed-refs", limit: 1 << 26) else { return nil }
        let wanted = Array(" \(name)".utf8)
        for line in bytes.split(separator: 0x0A) where line.hasSuffix(wanted) {
            let commit = String(decoding: line.dropLast(wanted.count), as: UTF8.self)
            if isCommit(commit) { return commit }
        }
        return nil
    }

    /// What `ref: refs/heads/main` names; nil if the line is none of that kind.
    private static func reference(_ line: String) throws(GitProblem) -> String? {
        guard line.hasPrefix("ref:") else { return nil }
        let name = String(line.dropFirst(4).drop { $0 == " " || $0 == "\t" })
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.first == "refs", parts.count > 1, name == name.printable,
            parts.allSatisfy({ !$0.isEmpty && $0 != "." && !$0.contains("..") })
        else { throw GitProblem(reason: "\(name.printable) is not the name of a branch") }
        return name
    }

    /// SHA-1 or SHA-256.
    private static func isCommit(_ text: String) -> Bool {
        [40, 64].contains(text.utf8.count)
            && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }
}

extension Collection<UInt8> where Self: BidirectionalCollection {
    fileprivate func hasSuffix(_ suffix: [UInt8]) -> Bool { self.suffix(suffix.count).elementsEqual(suffix) }
}

extension String {
    /// Without what could steer a terminal.
    var printable: String {
        let scalars = unicodeScalars.filter { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) }
        return String(String.UnicodeScalarView(scalars))
    }
}
