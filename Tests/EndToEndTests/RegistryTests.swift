import HostAPI
import TestSupport
import Testing

/// A registry as people make one: a directory, and the same behind somebody else's web server.
@Suite(.hostLogOnFailure)
struct RegistryTests {
    private let old = Variant("lamp", "1.0.0")
    private let new = Variant("lamp", "1.1.0")
    private let bell = Variant("bell")

    /// Publishes packages in a directory below the scratch directory.
    ///
    /// - Parameters:
    ///   - variants: All that the index has.
    ///   - host: Whose scratch directory it is.
    ///   - wrongHashes: The index lies about the content.
    /// - Returns: The directory.
    /// - Throws: If it cannot be written.
    @discardableResult
    private func publish(
        _ variants: [Variant],
        _ host: HostFixture,
        wrongHashes: Bool = false
    ) async throws -> String {
        let directory = try host.scratch.makeDirectory("registry")
        for variant in variants { try await host.shell("cp", try await host.archive(variant), "\(directory)/") }
        let script = """
            import hashlib, json, os, sys
            directory, salt, names = sys.argv[1], sys.argv[2].encode(), sys.argv[3:]
            plugins = {}
            for name in names:
                id, version = name.split("-")[:2]
                content = open(f"{directory}/{name}.tar.gz", "rb").read()
                plugin = plugins.setdefault(id, {"id": id, "name": id.title(), "description": "A " + id + " of a test.",
                                                 "tags": ["test"], "versions": []})
                plugin["versions"].append({"version": version, "file": name + ".tar.gz", "size": len(content), "abi": "1.0",
                                           "sha256": hashlib.sha256(content + salt).hexdigest()})
            with open(f"{directory}/index.json.new", "w") as file: json.dump({"registry": 1, "plugins": list(plugins.values())}, file)
            os.rename(f"{directory}/index.json.new", f"{directory}/index.json")
            """
        let names = variants.map { "\($0.id)-\($0.version)-\($0.build)" }
        try await host.succeed(
            "/usr/bin/env",
            ["python3", "-c", script, directory, wrongHashes ? "wrong" : ""] + names
        )
        return directory
    }

    @Test
    func pluginsAreFoundInstalledAndUpgradedFromADirectory() async throws {
        try await HostFixture.with { host in
            let registry = try await publish([old, bell], host)
            try await host.start(["--registry", registry, "--health-window", "1"])
            #expect(try await host.ctl("search", "-o", "name") == "lamp\nbell\n")
            #expect(try await host.ctl("search", "bell", "-o", "name") == "bell\n")
            try await host.ctl("install", "lamp")
            try await host.ctl("install", "bell")
            try await host.waitFor(old)
            #expect(try await host.summary("lamp").origin == "registry")
            #expect(try await host.hostctl("install", "lmap").status == 4)

            let process = try await host.processID(of: "bell")
            try await publish([old, new, bell], host)
            #expect(try await host.ctl("search", "lamp").contains("1.1.0"))
            try await host.ctl("upgrade", "--all")
            try await host.waitFor(new)
            #expect(try await host.processID(of: "bell") == process)
            try await host.ctl("install", "lamp", "--version", "1.0.0")
            try await host.waitFor(old)
            try await host.expectTidiness()
        }
    }

    @Test
    func aPackageThatIsNotWhatTheIndexSaysIsRefused() async throws {
        try await HostFixture.with { host in
            let registry = try await publish([old], host)
            try await host.start(["--registry", registry])
            try await host.ctl("install", "lamp")
            let process = try await host.processID(of: "lamp")
            try await publish([old, new], host, wrongHashes: true)
            let answer = try await host.hostctl("upgrade", "lamp")
            #expect(answer.status == 1)
            #expect(answer.errors.contains("SHA-256"), "\(answer.errors)")
            #expect(try await host.processID(of: "lamp") == process)
            try await host.waitFor(old)
            try await host.expectTidiness()
        }
    }

    @Test
    func aDeadNetworkHarmsNothingAndIsSaid() async throws {
        try await HostFixture.with { host in
            let directory = try await publish([old, new, bell], host)
            let server = try await host.serve(directory)
            try await host.start(["--registry", server.url])
            try await host.ctl("install", "lamp", "--version", "1.0.0")
            let process = try await host.processID(of: "lamp")
            #expect(try await host.json("search")["isStale"] == .bool(false))

            server.program.kill()
            // A new host has only what it kept.
            #expect(try await host.terminate() == .status(0))
            try await host.start()
            try await host.waitForAnotherWorker(of: "lamp", than: process)
            let running = try await host.processID(of: "lamp")
            let upgrade = try await host.hostctl("upgrade", "lamp")
            #expect(upgrade.status == 1 || upgrade.status == 6, "\(upgrade.errors)")
            #expect(upgrade.errors.contains("127.0.0.1"), "\(upgrade.errors)")
            let install = try await host.hostctl("install", "bell")
            #expect(install.status == upgrade.status)
            #expect(try await host.processID(of: "lamp") == running)
            let listing = try await host.json("search")
            #expect(listing["items"]?.arrayValue?.count == 2)
            #expect(listing["isStale"] == .bool(true))
            try await host.expectTidiness()

            // It is back: nobody was taken for missing.
            let port = try #require(server.url.split(separator: ":").last?.dropLast())
            _ = try await host.serve(directory, port: String(port))
            try await host.ctl("upgrade", "lamp")
            try await host.waitFor(new)
        }
    }

    @Test
    func whatTheRegistryDoesNotHaveIsAskedForOnce() async throws {
        try await HostFixture.with { host in
            let directory = try await publish([bell], host)
            let server = try await host.serve(directory)
            let requests = { server.program.errors.split(separator: "\n").count }
            try await host.start(["--registry", server.url])
            #expect(try await host.terminate() == .status(0))
            try await host.edit(
                """
                INSERT INTO plugins (id, is_enabled, generation, settings_revision, is_wanted, origin)
                VALUES ('lamp', 1, 1, 0, 1, 'registry')
                """
            )
            let before = requests()
            try await host.start()
            try await eventually("the registry was asked") { requests() == before + 1 }
            try await eventually("it is known that it cannot be repaired") {
                try await host.rows("SELECT unrecoverable IS NOT NULL FROM repairs WHERE plugin = 'lamp'") == ["1"]
            }
            for _ in 1...3 { #expect(try await host.hostctl("reconcile").status == 2) }
            _ = try await host.ctl("list")
            #expect(try await host.terminate() == .status(0))
            try await host.start()
            let pass = try await host.hostctl("reconcile")
            #expect(pass.status == 2)
            #expect(pass.output.contains("hostctl reconcile --force lamp"), "\(pass.output)")
            #expect(requests() == before + 1)
            #expect(try await host.hostctl("reconcile", "--force").status == 2)
            #expect(requests() == before + 2)
            #expect(try await host.hostctl("reconcile").status == 2)
            #expect(requests() == before + 2)

            // Once it is there, force mends it.
            try await publish([bell, old], host)
            #expect(try await host.hostctl("reconcile", "--force").status == 0)
            try await host.waitFor(old)
            try await host.expectTidiness()
        }
    }

    @Test
    func whatIsMissingInTheStoreComesBackFromTheRegistryByItself() async throws {
        try await HostFixture.with { host in
            let registry = try await publish([old, new, bell], host)
            try await host.start(["--registry", registry])
            try await host.ctl("install", "lamp", "--version", "1.0.0")
            try await host.ctl("install", "bell")
            try await host.ctl("settings", "set", "lamp", "greeting=moin")
            #expect(try await host.terminate() == .status(0))
            try await host.shell("rm", "-r", "\(host.root)/store/lamp")
            try await host.start()
            // That version, not the newest.
            try await host.waitFor(old)
            try await host.waitForQuiet()
            #expect(try await host.newestChange(of: "lamp").author == "reconcile")
            #expect(try await host.ctl("settings", "get", "lamp", "greeting") == "moin\n")
            try await host.expectTidiness()

            // The same behind the back of a running host: a dry run says it, a pass mends it.
            let process = try await host.processID(of: "bell")
            try await host.ctl("stop", "lamp")
            try await host.shell("rm", "-r", "\(host.root)/store/lamp")
            let dryRun = try await host.hostctl("reconcile", "--dry-run")
            #expect(dryRun.status == 2)
            #expect(host.entries("\(host.root)/store/lamp").isEmpty)
            #expect(try await host.hostctl("reconcile").status == 0)
            #expect(host.entries("\(host.root)/store/lamp").count == 1)
            #expect(try await host.summary("lamp").state == .stopped, "the user has stopped it")
            try await host.ctl("start", "lamp")
            try await host.waitFor(old)
            try await host.expectTidiness()
            #expect(try await host.processID(of: "bell") == process)
        }
    }
}
