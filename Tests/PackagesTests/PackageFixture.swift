import Glibc
import HostAPI
import Packages
import TestSupport
import Testing

/// A scratch directory with what packages are made of.
struct PackageFixture {
    let scratch: ScratchDirectory
    var path: String { scratch.path }

    static let manifest = """
        manifest: 1
        id: lamp
        name: Lamp
        version: 1.0.0
        description: A lamp
        license: MIT
        entry: lamp.so
        abi: "1.0"

        """

    /// Runs `body` with a new one. What lies beside the destination is compared before and after.
    static func with(_ name: String, _ body: (PackageFixture) throws -> Void) throws {
        let fixture = PackageFixture(scratch: try ScratchDirectory(named: name))
        defer { fixture.scratch.remove() }
        try body(fixture)
    }

    /// A package directory with code, resources in a directory, and a program.
    @discardableResult
    func makePackage(_ name: String = "lamp", so: String? = nil) throws -> String {
        let directory = try scratch.makeDirectory(name)
        try TextFile.write(Self.manifest, to: "\(directory)/plugin.yaml")
        try TextFile.copy(try so ?? SharedObject.path(), to: "\(directory)/lamp.so")
        try scratch.makeDirectory("\(name)/data/deep")
        try TextFile.write("{}\n", to: "\(directory)/data/deep/table.json")
        try TextFile.write("", to: "\(directory)/data/empty")
        try TextFile.write("#!/bin/sh\n", to: "\(directory)/data/run.sh", mode: 0o755)
        return directory
    }

    /// Writes raw bytes of a tar archive, compressed by gzip.
    func makeArchive(_ tar: [UInt8], _ name: String = "package.tar.gz") throws -> String {
        try write(tar, "\(name).tar")
        try Shell.run("gzip -n -1 < \(path)/\(name).tar > \(path)/\(name)")
        return "\(path)/\(name)"
    }

    @discardableResult
    func write(_ bytes: [UInt8], _ name: String) throws -> String {
        let file = try #require(fopen("\(path)/\(name)", "we"))
        defer { fclose(file) }
        #expect(fwrite(bytes, 1, bytes.count, file) == bytes.count)
        return "\(path)/\(name)"
    }

    func bytes(_ path: String) throws -> [UInt8] {
        let file = try #require(fopen(path, "re"))
        defer { fclose(file) }
        fseek(file, 0, SEEK_END)
        var bytes = [UInt8](repeating: 0, count: ftell(file))
        rewind(file)
        #expect(fread(&bytes, 1, bytes.count, file) == bytes.count)
        return bytes
    }

    /// Every name in the scratch directory and below, with kind, mode, size and time.
    func surroundings() throws -> String {
        try Shell.run(
            "find \(path) -path \(path)/out -prune -o -type d -printf '%p %m\\n' -o -printf '%p %m %s %T@\\n' | sort"
        )
    }

    /// Unpacks into `out` and expects a refusal, which leaves nothing behind and touches nothing.
    func refusal(_ path: String, limits: PackageLimits = PackageLimits()) throws -> String {
        let before = try surroundings()
        var message = ""
        do throws(Failure) {
            try PackageUnpacker.unpack(try PackageSource(path: path), to: "\(self.path)/out", limits: limits)
            message = "it was unpacked"
            try? PackageFiles.removeTree("\(self.path)/out")
            Issue.record("\(path) was unpacked")
        } catch {
            message = error.message
        }
        #expect(access("\(self.path)/out", F_OK) != 0, "\(message)")
        #expect(try surroundings() == before)
        return message
    }

    func listing(_ directory: String) throws -> String {
        try Shell.run("cd \(directory) && find . -mindepth 1 -printf '%P %y %m\\n' | sort")
    }
}

enum Shell {
    struct Problem: Error, CustomStringConvertible {
        let description: String
    }

    /// Runs a command to its end.
    ///
    /// - Returns: What it wrote.
    @discardableResult
    static func run(_ command: String) throws -> String {
        let stream = try #require(popen("{ \(command)\n} 2>&1", "re"))
        var output: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = fread(&chunk, 1, chunk.count, stream)
            guard count > 0 else { break }
            output += chunk[..<count]
        }
        let text = String(decoding: output, as: UTF8.self)
        guard pclose(stream) == 0 else { throw Problem(description: "\(command): \(text)") }
        return text
    }
}

/// A shared object, compiled once.
enum SharedObject {
    private static let compiled = Result {
        let scratch = try ScratchDirectory(named: "packages-so")
        defer { scratch.remove() }
        let source = "\(scratch.path)/lamp.c"
        let product = "\(BuildProducts.directory)/packages-tests-lamp.so"
        try TextFile.write("int lamp_answer(void) { return 42; }\n", to: source)
        try Shell.run("cc -shared -fPIC -o \(scratch.path)/lamp.so \(source) && mv \(scratch.path)/lamp.so \(product)")
        return product
    }

    static func path() throws -> String { try compiled.get() }
}
