import HostAPI
import Synchronization
import Testing

@testable import CommandLine

/// `hostctl install` and its kin, against a real server on a socket.
@Suite(.timeLimit(.minutes(5))) struct InstallCommandTests {
    private static let refusal = Failure(.needsConsent, "kasa 1.1.0 asks for far-reaching permissions.", hint: "Agree.")
    private static let farReaching = JSONValue.object([
        "exec": .object(["resolve": .object(["path": .string("/usr/bin/yt-dlp")])]),
        "command-devices": .array([.string("hue/*")]),
        "read-series": .array([.string("hue/*/power")]),
        "listen": .array([.integer(80)]),
    ])

    private func with(
        _ installer: TinyInstaller = TinyInstaller(),
        _ body: (TinyServer) async throws -> Void
    ) async throws {
        try await TinyServer.with({ installer.answer($0) }, body)
    }

    @Test func showsWhatAPluginMayDoAndHowItGoes() async throws {
        let steps = [
            Change.upgrade(.doing, [.unpack("doing", 1), .observe("waiting")]),
            .upgrade(.doing, [.unpack("done"), .observe("doing", 1_000)]),
            .upgrade(.done, [.unpack("done"), .observe("done")], message: "kasa 1.1.0 runs."),
        ]
        try await with(TinyInstaller(steps: steps)) { server in
            let ran = await hostctl("upgrade", "kasa", "--root", server.root)
            #expect(
                ran.messages == """
                    It may, and nothing else:
                      use the network: tcp 9999
                    Change 12: upgrade kasa 1.0.0 to 1.1.0
                    change 12: unpack kasa-1.1.0.tar.gz: done
                    change 12: see whether it stays well: done
                    kasa 1.1.0 runs. To go back: hostctl rollback kasa

                    """
            )
            #expect(ran.data.isEmpty)
            #expect(ran.status == 0)
        }
    }

    @Test(arguments: [
        (["kasa"], #"{"kind":"install","plugin":"kasa"}"#),
        (["kasa", "--version", "1.1.0"], #"{"kind":"install","plugin":"kasa","version":"1.1.0"}"#),
        (["/a/./b//kasa"], #"{"kind":"install","source":"/a/b/kasa"}"#),
        (["/a/kasa-1.1.0.tar.gz", "-y"], #"{"isConsented":true,"kind":"install","source":"/a/kasa-1.1.0.tar.gz"}"#),
    ])
    func sendsWhatIsToBeInstalled(arguments: [String], members: String) async throws {
        try await with { server in
            let ran = await hostctl(["install", "--root", server.root] + arguments)
            #expect(ran.status == 0)
            let sent = try #require(server.begun.first?.objectValue)
            let expected = try #require(try JSONValue(parsing: members).objectValue)
            #expect(sent.filter { $0.value != .bool(false) } == expected)
            #expect(server.begun.count == 1)
        }
    }

    @Test func doesNothingInADryRun() async throws {
        try await with { server in
            let ran = await hostctl("install", "kasa", "--dry-run", "--root", server.root)
            #expect(
                ran
                    == Ran(
                        status: 0,
                        data: """
                            It would upgrade kasa 1.0.0 to 1.1.0:
                              unpack kasa-1.1.0.tar.gz
                              switch to it

                            it may  use the network: tcp 9999

                            """,
                        messages: ""
                    )
            )
            let json = await hostctl("install", "kasa", "--dry-run", "-o", "json", "--root", server.root)
            let document = try JSONValue(parsing: json.data)
            #expect(document["apiVersion"] == .string("hostctl/1"))
            #expect(document["steps"]?.arrayValue?.count == 2)
            #expect(document["change"] == nil)
            #expect(server.begun.isEmpty)
        }
    }

    @Test func doesNotWaitIfItIsNotTo() async throws {
        try await with { server in
            let ran = await hostctl("install", "kasa", "--no-wait", "--root", server.root)
            let said = "Change 12 has begun: upgrade kasa 1.0.0 to 1.1.0. To follow it: hostctl watch 12\n"
            #expect(ran.messages.hasSuffix(said))
            #expect(!server.requests.contains { $0.target.hasSuffix("watch") })
            let name = await hostctl("install", "kasa", "--no-wait", "-o", "name", "--root", server.root)
            #expect(name == Ran(status: 0, data: "12\n", messages: ""))
        }
    }

    @Test func saysThatNothingNeedsToBeDone() async throws {
        try await with(TinyInstaller(change: nil)) { server in
            let ran = await hostctl("rollback", "kasa", "--root", server.root)
            #expect(ran == Ran(status: 0, data: "", messages: "kasa 1.1.0 is installed already.\n"))
            let json = await hostctl("uninstall", "kasa", "-o", "json", "--root", server.root)
            let document = try JSONValue(parsing: json.data)
            #expect(document["items"]?.arrayValue?.first?["summary"] == .string("kasa 1.1.0 is installed already"))
            #expect(json.status == 0)
        }
    }

    // MARK: Consent

    @Test func asksOnATerminal() async throws {
        let installer = TinyInstaller(permissions: Self.farReaching, refusal: Self.refusal)
        try await with(installer) { server in
            let ran = await hostctl("install", "kasa", "--root", server.root, typing: " Yes ")
            #expect(
                ran.messages.contains(
                    """
                    To upgrade kasa 1.0.0 to 1.1.0, you have to agree that it may
                      run programs on this computer: resolve (/usr/bin/yt-dlp)
                      give commands to devices of other plugins: hue/*
                      read what other plugins measure: hue/*/power
                      listen on TCP ports: 80
                    Do you agree? [y/N] 
                    """
                )
            )
            #expect(ran.status == 0)
            #expect(server.begun.map { $0["isConsented"] } == [.bool(true)])
        }
    }

    @Test func asksNobodyInADryRun() async throws {
        let installer = TinyInstaller(permissions: Self.farReaching, refusal: Self.refusal)
        try await with(installer) { server in
            let ran = await hostctl("install", "kasa", "--dry-run", "--root", server.root, typing: "n")
            #expect(ran.data.contains("it may  run programs on this computer: resolve (/usr/bin/yt-dlp)\n"))
            #expect(ran.messages == "You would be asked whether you agree to that.\n")
            #expect(ran.status == 0)
            let agreed = await hostctl("install", "kasa", "--dry-run", "-y", "--root", server.root)
            #expect(agreed.messages.isEmpty)
            #expect(server.begun.isEmpty)
        }
    }

    @Test(arguments: ["", "n", "no", "yess", "sure"]) func takesAllButAYesForANo(answer: String) async throws {
        let installer = TinyInstaller(permissions: Self.farReaching, refusal: Self.refusal)
        try await with(installer) { server in
            let ran = await hostctl("install", "kasa", "-q", "--root", server.root, typing: answer)
            #expect(ran.messages.hasSuffix("hostctl: You did not agree. Nothing was changed.\n"))
            #expect(ran.status == 77)
            #expect(server.begun.isEmpty)
        }
    }

    @Test func refusesWhereNobodyCanBeAsked() async throws {
        let installer = TinyInstaller(permissions: Self.farReaching, refusal: Self.refusal)
        try await with(installer) { server in
            let ran = await hostctl("install", "kasa", "-o", "json", "--root", server.root)
            #expect(
                ran.messages == """
                    hostctl: To upgrade kasa 1.0.0 to 1.1.0, you have to agree that it may
                      run programs on this computer: resolve (/usr/bin/yt-dlp)
                      give commands to devices of other plugins: hue/*
                      read what other plugins measure: hue/*/power
                      listen on TCP ports: 80
                      Nobody can be asked here. To agree, add -y.

                    """
            )
            #expect(ran.status == 77)
            #expect(ran.data.isEmpty)
            let agreed = await hostctl("link", "/src/kasa", "-y", "--root", server.root)
            #expect(agreed.status == 0)
            #expect(server.begun.last?["isConsented"] == .bool(true))
            #expect(server.begun.last?["source"] == .string("/src/kasa"))
        }
    }

    @Test func asksWhenOnlyTheFetchedPackageTellsWhatItWants() async throws {
        let refused = TinyInstaller(steps: [.upgrade(.undone, failure: Self.refusal)], permissions: nil)
        try await with(refused) { server in
            let ran = await hostctl("install", "kasa", "--root", server.root)
            #expect(ran.status == 77)
            #expect(ran.messages.hasSuffix("Nobody can be asked here. To agree, add -y.\n"))
            #expect(server.begun.count == 1)
            // Whoever has agreed is not asked again.
            let again = await hostctl("install", "kasa", "-y", "--root", server.root, typing: "y")
            #expect(again.status == 77)
            #expect(server.begun.count == 2)
        }
        let isAgreed = Mutex(false)
        try await TinyServer.with { request in
            let body = try? JSONValue(parsing: request.body)
            if body?["isConsented"] == .bool(true), body?["isDryRun"] == .bool(false) {
                isAgreed.withLock { $0 = true }
            }
            return isAgreed.withLock { $0 } ? TinyInstaller().answer(request) : refused.answer(request)
        } _: { server in
            let ran = await hostctl("install", "kasa", "--root", server.root, typing: "y")
            #expect(ran.status == 0)
            #expect(ran.messages.contains("Do you agree? [y/N] "))
            #expect(server.begun.map { $0["isConsented"] } == [.bool(false), .bool(true)])
        }
    }

    @Test func asksBeforeItPurges() async throws {
        try await with { server in
            let alone = await hostctl("uninstall", "kasa", "--purge", "--root", server.root)
            #expect(alone.status == 77)
            #expect(alone.messages.contains("add -y"))
            let no = await hostctl("uninstall", "kasa", "--purge", "--root", server.root, typing: "n")
            #expect(no.status == 77)
            #expect(no.messages.contains("This deletes kasa with all settings and data, for good. Go on? [y/N] "))
            #expect(server.requests.isEmpty)
            #expect(await hostctl("uninstall", "kasa", "--purge", "--root", server.root, typing: "y").status == 0)
            #expect(await hostctl("uninstall", "kasa", "--purge", "-y", "--root", server.root).status == 0)
            #expect(server.begun.map { $0["isPurge"] } == [.bool(true), .bool(true)])
            #expect(await hostctl("uninstall", "kasa", "--keep-data", "--root", server.root).status == 0)
            #expect(server.begun.last?["isPurge"] == .bool(false))
        }
    }

    // MARK: The end

    @Test func exitsWith1WhenAChangeIsUndone() async throws {
        let failure = Failure(.notRunning, "kasa 1.1.0 died 3 times: signal 11 (SIGSEGV).", hint: "hostctl logs kasa")
        let installer = TinyInstaller(steps: [.upgrade(.undoing), .upgrade(.undone, failure: failure)])
        try await with(installer) { server in
            let ran = await hostctl("upgrade", "kasa", "--root", server.root)
            #expect(ran.status == 1)
            #expect(
                ran.messages.hasSuffix(
                    """
                    hostctl: Change 12 (upgrade kasa 1.0.0 to 1.1.0) was undone: kasa 1.1.0 died 3 times: signal 11 (SIGSEGV).
                      hostctl logs kasa

                    """
                )
            )
            let json = await hostctl("upgrade", "kasa", "-o", "json", "--root", server.root)
            let item = try JSONValue(parsing: json.data)["items"]?.arrayValue?.first
            #expect(item?["change"]?["state"] == .string("undone"))
            #expect(json.status == 1)
        }
    }

    @Test func warnsOfAPluginThatIsNotWell() async throws {
        var plugin = PluginSummary.kasa
        plugin.state = .failed
        let end = Change.upgrade(.done, message: "kasa 1.1.0 is installed, but cannot start: no network.")
        try await with(TinyInstaller(steps: [end], plugin: plugin)) { server in
            let ran = await hostctl("upgrade", "kasa", "-q", "--root", server.root)
            let said = "▲ kasa 1.1.0 is installed, but cannot start: no network. `hostctl logs kasa` says more; "
            #expect(ran.messages == said + "to try again: hostctl start kasa\n")
            #expect(ran.status == 0)
        }
    }

    @Test func saysThatTheHostGoesOnWhenItComesBack() async throws {
        try await with(TinyInstaller(steps: [.upgrade(.doing)])) { server in
            let ran = await hostctl("upgrade", "kasa", "--root", server.root)
            #expect(ran.status == 6)
            #expect(ran.messages.contains("Then look: hostctl change 12"))
        }
    }

    // MARK: Several

    @Test func upgradesAllThatAreFromTheRegistryAndNotPinned() async throws {
        var plugin = PluginSummary.kasa
        plugin.origin = "registry"
        try await with(TinyInstaller(plugin: plugin)) { server in
            #expect(await hostctl("upgrade", "--all", "--root", server.root).status == 0)
            #expect(server.begun.map { $0["plugin"] } == [.string("kasa")])
        }
        plugin.isPinned = true
        try await with(TinyInstaller(plugin: plugin)) { server in
            let ran = await hostctl("upgrade", "--all", "--root", server.root)
            #expect(
                ran
                    == Ran(
                        status: 0,
                        data: "",
                        messages: "Pinned, and left as they are: kasa\nThere is no plugin to upgrade.\n"
                    )
            )
        }
        plugin.isPinned = false
        plugin.origin = "file"
        try await with(TinyInstaller(plugin: plugin)) { server in
            #expect(await hostctl("upgrade", "--all", "--root", server.root).status == 0)
            #expect(server.begun.isEmpty)
        }
    }

    @Test func goesOnWithTheOthersWhenOneFails() async throws {
        let installer = TinyInstaller(change: .upgrade(.done, message: "Done."))
        try await TinyServer.with { request in
            request.body.contains("hue")
                ? .json(404, String(json: Failure(.noSuchPlugin, "There is no hue."))) : installer.answer(request)
        } _: { server in
            let ran = await hostctl("uninstall", "hue", "kasa", "--root", server.root)
            #expect(ran.status == 4)
            #expect(ran.messages.contains("Done. To go back: hostctl rollback kasa\n"))
            #expect(ran.messages.hasSuffix("hostctl: There is no hue.\n"))
        }
    }

    @Test(arguments: [["pin", "kasa"], ["unpin", "kasa"], ["rollback", "kasa"], ["unlink", "kasa"]])
    func sendsPlainChanges(arguments: [String]) async throws {
        try await with(TinyInstaller(change: .upgrade(.done, message: "Done."))) { server in
            #expect(await hostctl(arguments + ["--root", server.root]).status == 0)
            #expect(server.begun.first?["kind"] == .string(arguments[0]))
            #expect(server.begun.first?["plugin"] == .string("kasa"))
            #expect(!server.requests.contains { $0.target.hasSuffix("watch") })
        }
    }

    @Test func saysThatANameMayBeAPath() async throws {
        let name = try #require(try? LocalPath.workingDirectory().isEmpty == false ? "Package.swift" : nil)
        guard LocalPath.exists(name) else { return }
        try await TinyServer.with { _ in
            .json(400, String(json: Failure(.invalidArgument, "That is no id.")))
        } _: { server in
            let ran = await hostctl("install", name, "--root", server.root)
            #expect(ran.messages.contains("To install what lies here: hostctl install ./Package.swift"))
        }
    }
}
