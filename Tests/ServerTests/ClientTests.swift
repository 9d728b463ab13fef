import Client
import HostAPI
import Testing

/// The client and the server agree: asked through the socket, a host answers as if it were asked itself.
@Suite(.timeLimit(.minutes(1)))
struct ClientTests {
    @Test
    func isTheSameHostOnBothSides() async throws {
        try await Serving.run { serving in
            let host = serving.host
            let client = try HTTPHost(socketPath: SocketPath(serving.socketPath))
            #expect(try await client.status() == host.hostStatus)
            #expect(try await client.plugins() == [host.plugin])
            #expect(try await client.plugin("kasa") == host.plugin("kasa"))
            #expect(try await client.control("kasa", .restart) == host.plugin)
            #expect(try await client.resources() == [host.usage])
            #expect(try await client.devices(ofPlugin: "kasa") == [host.device])
            #expect(try await client.latestReadings() == [host.latest])
            let query = ReadingsQuery(series: "kasa/Küche/Licht/power", since: TestHost.time, limit: 5)
            #expect(try await client.readings(query) == host.readings(query))
            let request = CommandRequest(plugin: "kasa", device: "Küche", command: "on", arguments: ["a": .null])
            #expect(try await client.call(request) == host.call(request))
            #expect(try await client.settings(ofPlugin: "kasa") == host.settings(ofPlugin: "kasa"))
            let save = SettingsSave(document: .object(["hours": .integer(2)]), ifRevision: 3)
            #expect(try await client.saveSettings(save, ofPlugin: "kasa").revision == 4)
            #expect(try await client.alerts(includingCleared: true) == [host.alert])
            #expect(try await client.quarantine() == [host.entry])
            #expect(try await client.liftQuarantine("abcdef") == [host.entry])
            #expect(host.asked.contains("readings kasa/Küche/Licht/power 2026-03-01T09:30:00.250Z - 5"))
        }
    }

    @Test
    func isTheSameHostForChanges() async throws {
        try await Serving.run { serving in
            let host = serving.host
            let client = try HTTPHost(socketPath: SocketPath(serving.socketPath))
            let request = ChangeRequest(
                kind: .install,
                plugin: "kasa",
                source: "/a b/kasa.so",
                version: "1.1.0",
                isPurge: true,
                isConsented: true,
                isDryRun: true
            )
            #expect(try await client.begin(request) == host.begin(request))
            #expect(try await client.changes(ChangesQuery(plugin: "kasa", limit: 7)) == [TestHost.change])
            #expect(try await client.change(12) == TestHost.change)
            #expect(try await client.abortChange(12) == TestHost.undone)
            var watched: [Change] = []
            for try await change in try await client.watchChange(12) { watched.append(change) }
            #expect(watched == [TestHost.change, TestHost.undone])
            let pass = ReconcileRequest(plugins: ["kasa", "hue"], isForced: true, isDryRun: true)
            #expect(try await client.reconcile(pass) == TestHost.report)
            let document = HomeDocument(text: "plugins: {}\n", file: "home.yaml", directory: "/etc")
            #expect(try await client.diffHome(document) == TestHost.homeReport)
            #expect(try await client.applyHome(document) == TestHost.homeReport)
            #expect(try await client.exportHome() == "apiVersion: home/1\n")
            #expect(try await client.search("smart plug & more") == TestHost.catalogue)
            #expect(
                host.asked == [
                    "begin install kasa /a b/kasa.so 1.1.0 purge consented dry",
                    "begin install kasa /a b/kasa.so 1.1.0 purge consented dry",
                    "changes kasa 7", "change 12", "abort 12", "watch 12", "reconcile forced dry kasa hue",
                    "diff home.yaml /etc plugins: {}\n", "apply home.yaml /etc plugins: {}\n", "export",
                    "search smart plug & more",
                ]
            )
        }
    }

    @Test
    func getsTheHostsFailure() async throws {
        try await Serving.run { serving in
            let client = try HTTPHost(socketPath: SocketPath(serving.socketPath))
            let failure = await #expect(throws: Failure.self) { try await client.plugin("../kassa?") }
            #expect(failure == Failure(.noSuchPlugin, "There is no plugin \"../kassa?\".", hint: "hostctl list"))
        }
    }

    @Test
    func getsEventsAndLogsAsTheyCome() async throws {
        try await Serving.run { serving in
            let host = serving.host
            let client = try HTTPHost(socketPath: SocketPath(serving.socketPath))
            var events = try await client.events(after: 8).makeAsyncIterator()
            #expect(try await events.next() == host.event(9))
            host.send(host.event(10))
            #expect(try await events.next() == host.event(10))

            let line = host.line("one\r\ntwo")
            host.change { $0.logs = [line] }
            let query = LogQuery(plugin: "kasa", follows: true)
            var lines = try await client.logs(query).makeAsyncIterator()
            #expect(try await lines.next() == line)

            await serving.shutDown()
            #expect(try await events.next() == nil)
            #expect(try await lines.next() == nil)
        }
    }
}
