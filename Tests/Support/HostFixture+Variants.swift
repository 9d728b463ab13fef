import Glibc

/// Packages that a test makes of its variants, in the three forms, outside the host's directories.
extension HostFixture {
    /// Makes a package directory, or writes one anew.
    ///
    /// - Parameters:
    ///   - variant: What is in it.
    ///   - place: Below the scratch directory; nil: a place of its own.
    /// - Returns: Its path.
    /// - Throws: If it cannot be compiled or written.
    package func package(_ variant: Variant, at place: String? = nil) async throws -> String {
        let fault = variant.fault.map { "-\($0.rawValue)" } ?? ""
        let own = "packages/\(variant.id)-\(variant.version)-\(variant.build)\(fault)"
        let directory = try scratch.makeDirectory(place ?? own)
        let entry = "\(directory)/\(variant.id).so"
        unlink(entry)
        try TextFile.copy(try await variant.sharedObject(), to: entry)
        try TextFile.write(variant.manifest, to: "\(directory)/plugin.yaml")
        return directory
    }

    /// Makes a `.tar.gz` as authors do.
    ///
    /// - Returns: Its path.
    package func archive(_ variant: Variant) async throws -> String {
        let directory = try await package(variant)
        let path = "\(directory).tar.gz"
        try await succeed(try BuildProducts.path(of: "hearth-plugin"), ["pack", directory, "-o", path])
        return path
    }

    /// Makes one `.so` with its manifest inside, as authors do.
    ///
    /// - Returns: Its path.
    package func embedded(_ variant: Variant) async throws -> String {
        let directory = try await package(variant)
        let path = "\(directory)-\(variant.id).so"
        try await succeed(try BuildProducts.path(of: "hearth-plugin"), ["pack", directory, "--embed", "-o", path])
        return path
    }

    /// Copies a package directory into `plugins.d` under its plugin's id.
    ///
    /// - Throws: If it cannot be written.
    package func drop(_ variant: Variant) async throws {
        _ = try await package(variant, at: "root/plugins.d/\(variant.id)")
    }

    // MARK: Other programs

    /// Runs a program to its end.
    ///
    /// - Returns: What it wrote on its standard output.
    /// - Throws: With its words if it fails.
    @discardableResult
    package func succeed(_ path: String, _ arguments: [String]) async throws -> String {
        let program = try launch(path, arguments, environment: ["PATH": Self.path, "HOME": scratch.path])
        guard try await program.wait() == .status(0) else {
            throw Program.Failure(description: "\(program.name): \(program.errors)")
        }
        return program.output
    }

    /// Runs a program of the system by its name.
    @discardableResult
    package func shell(_ words: String...) async throws -> String {
        try await succeed("/usr/bin/env", words)
    }

    /// Changes `state.db` behind the host's back.
    ///
    /// - Parameter statements: SQL.
    /// - Throws: If they fail.
    package func edit(_ statements: String) async throws {
        let script = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.executescript(sys.argv[2]); c.close()"
        try await shell("python3", "-c", script, "\(root)/state.db", statements)
    }

    /// The rows that a query gives, a line each, columns between spaces.
    package func rows(_ query: String) async throws -> [String] {
        let script = """
            import sqlite3, sys
            c = sqlite3.connect("file:" + sys.argv[1] + "?mode=ro", uri=True)
            for row in c.execute(sys.argv[2]): print(*row)
            """
        let lines = try await shell("python3", "-c", script, "\(root)/state.db", query)
        return lines.split(separator: "\n").map(String.init)
    }

    /// Starts Python's own server for static files, on any free port.
    ///
    /// - Returns: The program, which writes a line for each request on its standard error, and its URL.
    package func serve(_ directory: String, port: String = "0") async throws -> (program: Program, url: String) {
        let server = try launch(
            "/usr/bin/env",
            ["python3", "-u", "-m", "http.server", port, "--bind", "127.0.0.1", "--directory", directory],
            environment: ["PATH": Self.path, "HOME": scratch.path]
        )
        let url = try await eventually("the server listens: \(server.errors)") { () -> String? in
            guard let begin = server.output.firstRange(of: "(http://")?.lowerBound,
                let end = server.output.firstRange(of: "/)")?.lowerBound
            else { return nil }
            return String(server.output[begin..<end].dropFirst()) + "/"
        }
        return (server, url)
    }

    /// The names in a directory, sorted; none if it is not there.
    package func entries(_ path: String) -> [String] {
        guard let directory = opendir(path) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) { names.append(DirectoryEntry.name(entry)) }
        return names.filter { $0 != "." && $0 != ".." }.sorted()
    }

    private static var path: String { getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin" }
}
