/// One build of a plugin of a test's own: as many versions of as many plugins as it needs.
package struct Variant: Sendable {
    /// What is wrong with it.
    package enum Fault: String, Sendable {
        /// A crash when its code is loaded: the probe meets it.
        case crashesWhenLoaded = "CRASHES_WHEN_LOADED"
        /// A crash 20 ms after it has started: the health window meets it.
        case crashesSoon = "CRASHES_SOON"
        /// It says that it cannot be started.
        case failsToStart = "FAILS_TO_START"
    }

    package var id: String
    package var version: String
    /// Tells builds of one version apart.
    package var build: String
    package var fault: Fault?
    /// Further keys of the manifest, as YAML.
    package var more: String

    package init(
        _ id: String,
        _ version: String = "1.0.0",
        build: String = "a",
        fault: Fault? = nil,
        more: String = ""
    ) {
        self.id = id
        self.version = version
        self.build = build
        self.fault = fault
        self.more = more
    }

    /// What its command `build` answers.
    package var answer: String { "\(version) \(build)" }

    package var manifest: String {
        """
        manifest: 1
        id: \(id)
        name: The plugin \(id)
        version: \(version)
        description: Build \(build) of a test.
        license: Apache-2.0
        entry: \(id).so
        abi: "1.0"
        settings:
          type: object
          properties:
            greeting: {type: string, default: hello, x-restart: hot}
            level: {type: integer, minimum: 0, default: 1, x-restart: hot}
        \(more)

        """
    }

    /// The path of its code, compiled if it never was.
    ///
    /// - Throws: With the compiler's words if it cannot be compiled.
    package func sharedObject() async throws -> String {
        var definitions = ["ID=\"\(id)\"", "VERSION=\"\(version)\"", "BUILD=\"\(build)\""]
        if let fault { definitions.append(fault.rawValue) }
        let source = "\(SourceTree.directory)/Tests/Fixtures/Variants/variant.c"
        return try await FixturePlugins.sharedObject("\(id)-\(version)", from: source, definitions: definitions)
    }
}
