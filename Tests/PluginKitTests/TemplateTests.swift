import Foundation
import PluginAPI
import PluginKit
import Testing

/// The templates in C and Rust do in a host what their pages say. The one in Swift has its tests in a worker, because
/// it brings its own PluginKit along.
@Suite struct TemplateTests {
    enum Language: String, CaseIterable, Sendable {
        case c = "C"
        case rust = "Rust"
    }

    private static let root = URL(fileURLWithPath: #filePath).appending(path: "../../..").standardized

    @Test(arguments: Language.allCases)
    func announcesPublishesGreetsAndRemembers(language: Language) async throws {
        guard let entry = try entry(of: language) else { return }
        let host = TestHost { entry() }
        #expect(host.created == .init(status: HEARTH_OK))
        host.change { $0.state["greetings"] = "41" }

        #expect(await host.start(#"{"interval_seconds": 2, "greeting": "Hello"}"#) == .init(status: HEARTH_OK))
        #expect(host.record.devices.count == 2)
        let device = try JSON(parsing: String(host.record.devices[0].dropFirst("put ".count)))
        #expect(device["id"] == "greeter")
        #expect(device["commands"][0]["name"] == "say-hello")
        #expect(host.record.devices[1] == "greeter 0 ")
        #expect(host.record.batches.last?.first == Reading("greeter", "greetings", 41))

        host.advance(milliseconds: 2000)
        #expect(host.record.batches.count == 2)
        #expect(host.record.batches.last?.last == Reading("greeter", "uptime", 2, unit: "s"))

        #expect(await host.command("say-hello") == .init(status: HEARTH_OK, json: #"{"greetings":42}"#))
        #expect(host.record.state["greetings"] == "42")
        #expect(await host.command("fly").status == HEARTH_UNSUPPORTED)

        #expect(await host.apply(#"{"interval_seconds": 0.5, "greeting": "Hi"}"#) == .init(status: HEARTH_OK))
        let count = host.record.batches.count
        host.advance(milliseconds: 500)
        #expect(host.record.batches.count == count + 1)
        let refused = await host.apply("{}")
        #expect(refused.status == HEARTH_INVALID_SETTINGS)
        #expect(refused.message.contains("interval_seconds"))

        #expect(await host.stop() == .init(status: HEARTH_OK))
        #expect(host.record.timers.isEmpty)
        host.destroy()
    }

    @Test(arguments: Language.allCases)
    func saysThatAHostLacksWhatItNeeds(language: Language) throws {
        guard let entry = try entry(of: language) else { return }
        let host = TestHost(without: [HEARTH_EXTENSION_STATE]) { entry() }
        #expect(host.created?.status == HEARTH_UNSUPPORTED)
        #expect(host.created?.message == "the host lacks an extension that this plugin needs")
    }

    private typealias Entry = @convention(c) () -> UnsafePointer<hearth_plugin>

    /// Builds the template and loads it; nothing if this machine lacks the compiler for it.
    private func entry(of language: Language) throws -> Entry? {
        let source = TemplateTests.root.appending(path: "Plugins/Templates/\(language.rawValue)")
        let scratch = FileManager.default.temporaryDirectory.appending(path: "hearth-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: scratch) }
        let (command, file): ([String], String) =
            switch language {
            case .c: (["make", "-s", "PACKAGE=\(scratch.path)"], "template-c.so")
            case .rust: (["cargo", "build", "-q", "--offline", "--locked"], "debug/libtemplate_rust.so")
            }
        guard try run(command, in: source, scratch) else { return nil }
        // Loaded for good, as in a worker; the file itself may go.
        let library = try #require(dlopen(scratch.appending(path: file).path, RTLD_NOW | RTLD_LOCAL))
        let symbol = try #require(dlsym(library, "hearth_plugin_entry"))
        return unsafeBitCast(symbol, to: Entry.self)
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
