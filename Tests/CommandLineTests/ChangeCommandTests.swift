import HostAPI
import Testing

@testable import CommandLine

/// The commands about changes and the desired state, against a real server on a socket.
@Suite(.timeLimit(.minutes(5))) struct ChangeCommandTests {
    private static let failure = Failure(.notRunning, "It died.", hint: "hostctl logs kasa")

    @Test func listsChanges() async throws {
        let changes = [Change.upgrade(.doing), .upgrade(.undone, failure: Self.failure)]
        try await TinyServer.with { _ in
            .json(200, "[\(changes.map { String(json: $0) }.joined(separator: ","))]")
        } _: { server in
            let ran = await hostctl("changes", "--plugin", "kasa", "-n7", "--abs-time", "--root", server.root)
            #expect(
                ran.data == """
                    CHANGE  STATE     WHAT                         BY    BEGUN                     MESSAGE
                    12      ◌ doing   upgrade kasa 1.0.0 to 1.1.0  user  2026-03-01T09:30:00.250Z
                    12      ✗ undone  upgrade kasa 1.0.0 to 1.1.0  user  2026-03-01T09:30:00.250Z  It died.

                    """
            )
            #expect(server.requests.first?.target == "/v1/changes?plugin=kasa&limit=7")
            #expect(await hostctl("changes", "-o", "name", "--root", server.root).data == "12\n12\n")
        }
    }

    @Test func showsAChangeWithItsTasks() async throws {
        let change = Change.upgrade(.undone, [.unpack("undone"), .observe("failed", 3_000)], failure: Self.failure)
        try await TinyServer.with { _ in
            .json(200, String(json: change))
        } _: { server in
            let ran = await hostctl("change", "12", "--abs-time", "--root", server.root)
            #expect(
                ran.data
                    == """
                    ✗ undone: upgrade kasa 1.0.0 to 1.1.0
                    It died.
                    hostctl logs kasa

                    change  12, upgrade
                    plugin  kasa
                    by      user
                    begun   at 2026-03-01T09:30:00.250Z
                    ended   at 2026-03-01T09:30:12.590Z, it took 12.3 s

                    TASKS
                      STATE     TASK     WHAT                       PROGRESS
                      ○ undone  unpack   unpack kasa-1.1.0.tar.gz
                      ✗ failed  observe  see whether it stays well  3 of 10 s

                    """
            )
            #expect(server.requests.first?.target == "/v1/changes/12")
            let json = try JSONValue(parsing: await hostctl("change", "12", "-ojson", "--root", server.root).data)
            #expect(json["number"] == .integer(12))
            #expect(json["tasks"]?.arrayValue?.count == 2)
        }
    }

    @Test func watchesAChange() async throws {
        let steps = [Change.upgrade(.doing, [.unpack("done")]), .upgrade(.done, message: "kasa 1.1.0 runs.")]
        try await TinyServer.with {
            TinyInstaller(steps: steps).answer($0)
        } _: { server in
            let ran = await hostctl("watch", "12", "--root", server.root)
            let said = ["Change 12: upgrade kasa 1.0.0 to 1.1.0", "change 12: unpack kasa-1.1.0.tar.gz: done"]
            #expect(ran.messages == (said + ["kasa 1.1.0 runs.", ""]).joined(separator: "\n"))
            #expect(ran.status == 0)
            let json = await hostctl("watch", "12", "-o", "json", "--root", server.root)
            let lines = try json.data.split(separator: "\n").map { try JSONValue(parsing: $0) }
            #expect(lines.map { $0["state"] } == [.string("doing"), .string("done")])
            #expect(lines.allSatisfy { $0["apiVersion"] == .string("hostctl/1") })
        }
        try await TinyServer.with {
            TinyInstaller(steps: [.upgrade(.undone)]).answer($0)
        } _: { server in
            let ran = await hostctl("watch", "12", "--root", server.root)
            #expect(ran.status == 1)
            #expect(ran.messages.contains("was undone: the host does not say why"))
            #expect(!server.requests.contains { $0.target.hasSuffix("watch") })
        }
    }

    @Test(arguments: [
        (ChangeState.undoing, "is being undone. To see it through: hostctl watch 12"), (.undone, "is undone."),
    ])
    func abortsAChange(state: ChangeState, said: String) async throws {
        try await TinyServer.with { _ in
            .json(200, String(json: Change.upgrade(state)))
        } _: { server in
            let ran = await hostctl("abort", "12", "--root", server.root)
            #expect(ran.messages.contains(said))
            #expect(ran.status == 0)
            #expect(server.requests.first?.method == "POST")
            #expect(server.requests.first?.target == "/v1/changes/12/abort")
        }
    }

    @Test func searchesTheRegistry() async throws {
        func entry(_ id: String, _ versions: [CatalogueVersion], _ installed: String? = nil) -> CatalogueEntry {
            CatalogueEntry(
                id: id,
                name: id.uppercased(),
                description: "About \(id).",
                category: "c",
                tags: ["t"],
                versions: versions,
                installedVersion: installed
            )
        }
        let new = CatalogueVersion(version: "2.0.0", size: 2_048, obstacle: "it needs Hearth 9.0.0")
        let old = CatalogueVersion(version: "1.1.0", size: 1_024)
        let catalogue = Catalogue(
            registry: "https://example.org",
            entries: [entry("kasa", [new, old], "1.0.0"), entry("hue", [old], "1.1.0"), entry("tv", [new])],
            fetchedAt: .sample,
            isStale: true,
            problem: "no route to host"
        )
        try await TinyServer.with { _ in
            .json(200, String(json: catalogue))
        } _: { server in
            let ran = await hostctl("search", "smart", "plug", "--abs-time", "--root", server.root)
            #expect(
                ran.data == """
                    ID    VERSION  INSTALLED  NAME  DESCRIPTION
                    kasa  1.1.0    ▲ 1.0.0    KASA  About kasa.
                    hue   1.1.0    ● 1.1.0    HUE   About hue.
                    tv    2.0.0    -          TV    cannot be used here: it needs Hearth 9.0.0

                    """
            )
            #expect(
                ran.messages == """
                    ▲ This list was read at 2026-03-01T09:30:00.250Z: the registry cannot be read now: no route to host.

                    """
            )
            #expect(server.requests.first?.target == "/v1/catalogue?words=smart%20plug")
            let json = try JSONValue(parsing: await hostctl("search", "-ojson", "--root", server.root).data)
            #expect(json["items"]?.arrayValue?.count == 3)
            #expect(json["isStale"] == .bool(true))
            #expect(server.requests.last?.target == "/v1/catalogue")
        }
    }

    // MARK: Desired state

    private func report(_ outcome: String, _ action: String, manual: Int, isDryRun: Bool) -> ReconcileReport {
        let finding = Finding(
            plugin: "kasa",
            kind: "running-differs",
            description: "kasa does not run",
            action: action,
            current: "stopped",
            expected: "running",
            result: "start it",
            outcome: outcome
        )
        return ReconcileReport(
            findings: [finding],
            found: 1,
            fixed: outcome == "fixed" ? 1 : 0,
            manual: manual,
            isDryRun: isDryRun,
            summary: "1 inconsistency found",
            milliseconds: 2.5
        )
    }

    @Test(
        arguments: [
            ("fixed", "auto-fix", 0, false, 0), ("left", "manual", 1, false, 2), ("failed", "auto-fix", 1, false, 2),
            ("pending", "auto-fix", 0, true, 2), ("pending", "manual", 1, true, 2), ("left", "none", 0, true, 0),
            ("pending", "none", 0, true, 0),
        ] as [(String, String, Int, Bool, Int32)]
    )
    func tellsWhatAPassFound(outcome: String, action: String, manual: Int, isDryRun: Bool, status: Int32) async throws {
        let report = report(outcome, action, manual: manual, isDryRun: isDryRun)
        try await TinyServer.with { _ in
            .json(200, String(json: report))
        } _: { server in
            let ran = await hostctl("reconcile", "--force", "--dry-run", "kasa", "--root", server.root)
            #expect(ran.status == status)
            #expect(ran.data.hasPrefix("PLUGIN  FINDING"))
            #expect(ran.data.contains("kasa    running-differs  \(action)"))
            #expect(ran.data.contains(outcome))
            #expect(ran.messages == "1 inconsistency found (2.5 ms)\n")
            let body = try JSONValue(parsing: try #require(server.requests.first).body)
            #expect(body.text == #"{"dryRun":true,"force":true,"plugins":["kasa"]}"#)
            let json = try JSONValue(parsing: await hostctl("reconcile", "-ojson", "--root", server.root).data)
            #expect(json["items"]?.arrayValue?.count == 1)
            #expect(json["manual"] == .integer(Int64(manual)))
        }
    }

    private static let home = "plugins: {}\n# Küche\n"

    private func withHome(
        _ outcomes: [String],
        _ body: (TinyServer, _ file: String) async throws -> Void
    ) async throws {
        let differences = outcomes.map {
            HomeDifference(
                plugin: "kasa",
                kind: "settings",
                pointer: "/poll",
                current: "5",
                wanted: "9",
                line: 3,
                outcome: $0,
                result: "so"
            )
        }
        let report = HomeReport(
            file: "home.yaml",
            differences: differences,
            summary: "\(differences.count) differences"
        )
        try await TinyServer.with { _ in
            .json(200, String(json: report))
        } _: { server in
            let file = server.root + "/home.yaml"
            try write(Self.home, to: file)
            try await body(server, file)
        }
    }

    @Test(arguments: [
        ([], 0), (["applied"], 0), (["applied", "manual"], 2), (["drift"], 2), (["manual", "failed"], 1),
    ])
    func appliesADesiredStateFile(outcomes: [String], status: Int) async throws {
        try await withHome(outcomes) { server, file in
            let ran = await hostctl("apply", file, "--root", server.root)
            #expect(ran.status == Int32(status))
            #expect(ran.messages == "\(outcomes.count) differences\n")
            if !outcomes.isEmpty { #expect(ran.data.contains("3     kasa    settings /poll  5   9")) }
            #expect(server.requests.first?.target == "/v1/home/apply")
            let body = try JSONValue(parsing: try #require(server.requests.first).body)
            #expect(
                body == .object(["text": .string(Self.home), "file": .string(file), "directory": .string(server.root)])
            )
        }
    }

    @Test(arguments: [([], 0), (["pending"], 2)]) func showsDifferences(outcomes: [String], status: Int) async throws {
        try await withHome(outcomes) { server, file in
            let ran = await hostctl("diff", file, "-o", "json", "--root", server.root)
            #expect(ran.status == Int32(status))
            let document = try JSONValue(parsing: ran.data)
            #expect(document["items"]?.arrayValue?.count == outcomes.count)
            #expect(server.requests.first?.target == "/v1/home/diff")
        }
    }

    @Test func refusesAFileThatItCannotRead() async throws {
        try await withHome([]) { server, file in
            let missing = await hostctl("apply", file + "x", "--root", server.root)
            #expect(missing.status == 64)
            #expect(missing.messages == "hostctl: \(file)x cannot be read: No such file or directory\n")
            #expect(await hostctl("diff", server.root, "--root", server.root).messages.contains("Is a directory"))
            try write([0x70, 0xFF, 0xFE], to: file)
            #expect(await hostctl("diff", file, "--root", server.root).messages.contains("not UTF-8"))
            try write(String(repeating: "#", count: 1 << 20 + 1), to: file)
            #expect(await hostctl("diff", file, "--root", server.root).messages.contains("larger than 1 MiB"))
            #expect(server.requests.isEmpty)
        }
    }

    @Test func saysWhatIsWrongInAFile() async throws {
        let failure = Failure(.invalidSettings, "home.yaml:3:5: no such key\nhome.yaml:4:1: no such plugin")
        try await TinyServer.with { _ in
            .json(422, String(json: failure))
        } _: { server in
            let file = server.root + "/home.yaml"
            try write(Self.home, to: file)
            let ran = await hostctl("apply", file, "--root", server.root)
            #expect(ran.status == 78)
            #expect(ran.messages == "hostctl: home.yaml:3:5: no such key\n  home.yaml:4:1: no such plugin\n")
        }
    }

    @Test(arguments: [([], "a: 1\n"), (["-o", "yaml"], "a: 1\n"), (["-o", "name"], "a: 1\n")])
    func exportsTheDesiredState(arguments: [String], data: String) async throws {
        try await TinyServer.with { _ in
            .json(200, #"{"text": "a: 1\n"}"#)
        } _: { server in
            #expect(await hostctl(["export", "--root", server.root] + arguments).data == data)
            let json = try JSONValue(parsing: await hostctl("export", "-o", "json", "--root", server.root).data)
            #expect(json["text"] == .string("a: 1\n"))
            #expect(server.requests.first?.target == "/v1/home/export")
        }
    }

    // MARK: What else is new

    @Test func showsWhereAPluginCameFrom() async throws {
        var plugin = PluginSummary.kasa
        plugin.isPinned = true
        plugin.origin = "link"
        let detail = PluginDetail(
            summary: plugin,
            previousVersion: "0.9.0",
            installedAt: .sample,
            codeHash: "abc",
            link: LinkedDirectory(
                directory: "/src/kasa",
                branch: "main",
                commit: "0123456789abcdef",
                remote: "https://example.org/kasa.git"
            )
        )
        let summary = plugin
        try await TinyServer.with { request in
            .json(200, request.target == "/v1/plugins" ? "[\(String(json: summary))]" : String(json: detail))
        } _: { server in
            let list = await hostctl("list", "-o", "wide", "--root", server.root)
            #expect(list.data.contains("1.0.0 (pinned)  link"))
            let show = await hostctl("show", "kasa", "--abs-time", "--root", server.root)
            #expect(show.data.contains("version      1.0.0, pinned, installed at 2026-03-01T09:30:00.250Z\n"))
            #expect(show.data.contains("previous     0.9.0: hostctl rollback kasa\n"))
            #expect(show.data.contains("origin       link\n"))
            let link = "/src/kasa, branch main at 0123456789ab of https://example.org/kasa.git"
            #expect(show.data.contains("link         \(link)\n"))
            #expect(show.data.contains("code         SHA-256 abc\n"))
        }
    }

    @Test(arguments: [(0, nil), (2, "changes   2 under way: hostctl changes\n")] as [(Int, String?)])
    func saysHowManyChangesAreUnderWay(changes: Int, said: String?) {
        let status = HostStatus(
            version: "1",
            processID: 1,
            root: "/",
            startedAt: .sample,
            health: "ok",
            summary: "All is well.",
            pluginsByState: [:],
            devices: 0,
            devicesOffline: 0,
            openAlerts: 0,
            readingsStored: 0,
            readingsDropped: 0,
            changesUnderWay: changes
        )
        let text = status.description(Moments(now: .sample)).text(isColoured: false)
        #expect(said.map { text.contains($0) } ?? !text.contains("changes"))
    }

    @Test(arguments: [("set", "poll=3"), ("unset", "poll")])
    func overridesTheDesiredStateFile(word: String, argument: String) async throws {
        try await TinyServer.with { request in
            request.method == "GET"
                ? .json(200, #"{"revision": 7, "document": {"poll": 5}, "saved": {"poll": 5}}"#)
                : .json(200, #"{"revision": 8, "changed": ["/poll"], "scope": "hot", "message": ""}"#)
        } _: { server in
            #expect(await hostctl("settings", word, "kasa", argument, "--root", server.root).status == 0)
            #expect(server.requests.last?.body.contains("overridesFile") == false)
            let ran = await hostctl("settings", word, "kasa", argument, "--override", "--root", server.root)
            #expect(ran.status == 0)
            #expect(server.requests.last?.body.contains(#""overridesFile":true"#) == true)
        }
    }
}
