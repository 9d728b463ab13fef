import Foundation
import PluginAPI
import PluginKit
import Testing

/// The templates do in a host what their pages say. Those in C and Rust are built and loaded; the one in Swift is
/// compiled into the tests (TemplatePlugin.swift is a link to it), because its `.so` brings a PluginKit of its own.
@Suite struct TemplateTests {
    enum Language: String, CaseIterable, Sendable {
        case c = "C"
        case rust = "Rust"
        case swift = "Swift"
    }

    private static let root = URL(fileURLWithPath: #filePath).appending(path: "../../..").standardized

    @Test(arguments: Language.allCases)
    func announcesPublishesGreetsAndRemembers(language: Language) async throws {
        guard let entry = try entry(of: language) else { return }
        let host = TestHost(entry)
        #expect(host.created == .init(status: HEARTH_OK))
        host.change { $0.state["greetings"] = "41" }

        #expect(await host.start(#"{"interval_seconds": 2, "greeting": "Hello"}"#) == .init(status: HEARTH_OK))
        #expect(host.record.devices.count == 2)
        let device = try JSON(parsing: String(host.record.devices[0].dropFirst("put ".count)))
        #expect(device["id"] == "greeter")
        #expect(device["commands"][0]["name"] == "say-hello")
        #expect(host.record.devices[1] == "greeter 0 ")
        await host.until { $0.isPausing(for: 2000) }
        #expect(host.record.batches.map { $0[0] } == [Reading("greeter", "greetings", 41)])

        host.advance(milliseconds: 2000)
        await host.until { $0.batches.count == 2 }
        #expect(host.record.batches.last?.last == Reading("greeter", "uptime", 2, unit: "s"))

        let greeted = await host.command("say-hello")
        #expect(greeted.status == HEARTH_OK)
        #expect(try JSON(parsing: greeted.json)["greetings"] == 42)
        #expect(host.record.state["greetings"] == "42")
        #expect(await host.command("fly").status == HEARTH_UNSUPPORTED)

        #expect(await host.apply(#"{"interval_seconds": 0.5, "greeting": "Hi"}"#) == .init(status: HEARTH_OK))
        await host.until { $0.isPausing(for: 500) }
        let count = host.record.batches.count
        host.advance(milliseconds: 500)
        await host.until { $0.batches.count == count + 1 }
        let refused = await host.apply("{}")
        #expect(refused.status == HEARTH_INVALID_SETTINGS)
        #expect(refused.message.contains("interval"))

        #expect(await host.stop() == .init(status: HEARTH_OK))
        #expect(host.record.timers.isEmpty)
        host.destroy()
    }

    @Test(arguments: Language.allCases)
    func saysThatAHostLacksWhatItNeeds(language: Language) async throws {
        guard let entry = try entry(of: language) else { return }
        let host = TestHost(without: [HEARTH_EXTENSION_STATE], entry)
        switch language {
        case .c, .rust:
            #expect(host.created?.status == HEARTH_UNSUPPORTED)
            #expect(host.created?.message == "the host lacks an extension that this plugin needs")
        case .swift:
            let outcome = await host.start(#"{"interval_seconds": 2, "greeting": "Hello"}"#)
            #expect(outcome == .init(status: HEARTH_UNSUPPORTED, message: "this host keeps no state for plugins"))
        }
    }

    private typealias Entry = @Sendable () -> UnsafePointer<hearth_plugin>

    /// Builds the template and loads it; nothing if this machine lacks the compiler for it.
    private func entry(of language: Language) throws -> Entry? {
        if language == .swift { return { Export<TemplatePlugin>.entry } }
        let source = TemplateTests.root.appending(path: "Plugins/Templates/\(language.rawValue)")
        let scratch = FileManager.default.temporaryDirectory.appending(path: "hearth-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: scratch) }
        let (command, file): ([String], String) =
            switch language {
            case .swift: ([], "")
            case .c: (["make", "-s", "PACKAGE=\(scratch.path)"], "template-c.so")
            case .rust: (["cargo", "build", "-q", "--offline", "--locked"], "debug/libtemplate_rust.so")
            }
        guard try run(command, in: source, scratch) else { return nil }
        // Loaded for good, as in a worker; the file itself may go.
        let library = try #require(dlopen(scratch.appending(path: file).path, RTLD_NOW | RTLD_LOCAL))
        let symbol = try #require(dlsym(library, "hearth_plugin_entry"))
        let entry = unsafeBitCast(symbol, to: (@convention(c) () -> UnsafePointer<hearth_plugin>).self)
        return { entry() }
    }

    /// Nothing, and no failure, if there is no such program.
    private func run(_ command: [String], in directory: URL, _ scratch: URL) throws -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["CARGO_TARGET_DIR=\(scratch.path)"] + command
        process.currentDirectoryURL = directory
        try process.run()
        process.waitUntilExit()
        if process.terminationStatus == 127 { return false }  // env: no such program
        try #require(process.terminationStatus == 0)
        return true
    }
}

extension TestHost.Record {
    /// Whether a timer is due in that time.
    fileprivate func isPausing(for milliseconds: Int64) -> Bool {
        timers.values.contains { $0.due == self.milliseconds + milliseconds }
    }
}
