import Glibc
import TestSupport

/// An author's directory of one test.
struct AuthorDirectory {
    let scratch: ScratchDirectory
    let path: String

    init(_ entry: String = "kasa-plug.so") throws {
        scratch = try ScratchDirectory(named: "author")
        path = try scratch.makeDirectory("author")
        try writeManifest(entry: entry)
    }

    func remove() { _ = try? run("rm -rf '\(scratch.path)'") }

    func writeManifest(version: String = "1.0.0", entry: String = "kasa-plug.so") throws {
        try TextFile.write(Self.manifest(version, entry), to: "\(path)/plugin.yaml")
    }

    static func manifest(_ version: String, _ entry: String) -> String {
        """
        manifest: 1
        id: kasa
        name: Kasa
        version: \(version)
        description: Shows what a link does.
        license: Apache-2.0
        entry: \(entry)
        abi: "1.0"

        """
    }

    /// Writes a file and the directories above it.
    @discardableResult
    func write(_ text: String, to relative: String, secondsAgo: Int = 0) throws -> String {
        let file = "\(path)/\(relative)"
        try run("mkdir -p \"$(dirname '\(file)')\"")
        try TextFile.write(text, to: file)
        if secondsAgo > 0 { try run("touch -d '\(secondsAgo) seconds ago' '\(file)'") }
        return file
    }
}
