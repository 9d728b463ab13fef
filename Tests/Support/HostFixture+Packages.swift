import Glibc

extension HostFixture {
    /// Puts one of the fixtures' plugins into `plugins.d`.
    ///
    /// - Parameters:
    ///   - id: The fixture's and the plugin's.
    ///   - more: Further keys of its manifest, as YAML.
    /// - Throws: If it cannot be compiled or written.
    package func install(_ id: String, _ more: String = "") async throws {
        try install(id, code: try await FixturePlugins.sharedObject(of: id), manifest: Self.manifest(id, more))
    }

    /// Agrees to the permissions of a package that waits for that, as a user does.
    ///
    /// - Parameter id: The plugin's. One that does not wait is left alone.
    /// - Throws: If it is not installed then.
    package func agree(to id: String) async throws {
        let state = try await eventually("\(id) is installed or waits for consent") { () -> String? in
            let states = try await hostctl("list", "-o", "json").output
            let isInstalling = states.contains("\"installing\"")
            return isInstalling ? nil : states
        }
        guard state.contains("\"needs-consent\"") else { return }
        let answer = try await hostctl("install", id, "-y")
        guard answer.status == 0 else { throw Program.Failure(description: "hostctl install: \(answer.errors)") }
    }

    /// Puts a package into `plugins.d`.
    ///
    /// - Parameters:
    ///   - name: The directory's.
    ///   - code: The path of a shared object that becomes the package's `NAME.so`; nil for none.
    ///   - manifest: The text of `plugin.yaml`; nil for none.
    /// - Throws: If it cannot be written.
    package func install(_ name: String, code: String?, manifest: String?) throws {
        let directory = try scratch.makeDirectory("root/plugins.d/\(name)")
        if let manifest { try TextFile.write(manifest, to: "\(directory)/plugin.yaml") }
        let entry = "\(directory)/\(name).so"
        unlink(entry)
        // A link is faster; what it leads to is never written to. On another file system it has to be a copy.
        if let code, link(code, entry) != 0 { try TextFile.copy(code, to: entry) }
    }

    /// The shortest manifest for a plugin with that id, with `more` after it.
    package static func manifest(_ id: String, _ more: String = "") -> String {
        """
        manifest: 1
        id: \(id)
        name: The fixture \(id)
        version: 1.0.0
        description: Shows what the host makes of it.
        license: Apache-2.0
        entry: \(id).so
        abi: "1.0"
        \(more)

        """
    }
}
