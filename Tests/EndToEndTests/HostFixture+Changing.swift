import HostAPI
import TestSupport
import Testing

/// What tests of installations have in common.
extension HostFixture {
    /// Runs `hostctl`, which has to succeed.
    ///
    /// - Returns: Its standard output.
    @discardableResult
    func ctl(_ arguments: String...) async throws -> String {
        let answer = try await hostctl(arguments)
        guard answer.status == 0 else { throw HostctlFailed(arguments: arguments, answer: answer) }
        return answer.output
    }

    /// Installs a package of a test's own.
    func install(_ variant: Variant) async throws {
        try await ctl("install", try await package(variant))
    }

    /// Waits until a plugin answers that it is that build.
    func waitFor(_ variant: Variant) async throws {
        try await eventually("\(variant.id) \(variant.answer) runs") {
            try await call(variant.id, "build").stringValue == variant.answer
        }
    }

    /// Waits until no change is under way and no copy is being looked at.
    func waitForQuiet() async throws {
        try await eventually("nothing is under way", within: .seconds(40)) {
            try await client.status().changesUnderWay == 0
        }
    }

    /// Waits until a change does that task.
    func waitFor(task: String, of change: Int64) async throws {
        try await eventually("change \(change) is at \(task)") {
            try await client.change(change).tasks.contains { $0.name == task && $0.state == "doing" }
        }
    }

    /// Begins a change and returns its number.
    func begin(_ arguments: String...) async throws -> Int64 {
        let answer = try await hostctl(arguments + ["--no-wait", "-o", "name"])
        guard answer.status == 0, let number = Int64(answer.output.split(separator: "\n").first ?? "") else {
            throw HostctlFailed(arguments: arguments, answer: answer)
        }
        return number
    }

    /// The newest change of a plugin.
    func newestChange(of plugin: String) async throws -> Change {
        try #require(try await client.changes(ChangesQuery(plugin: plugin, limit: 1)).first)
    }

    func hasAlert(_ source: String, _ text: String) async throws -> Bool {
        try await client.alerts(includingCleared: false).contains {
            $0.source == source && ($0.title.contains(text) || $0.detail.contains(text))
        }
    }

    /// Nothing may be left over once nothing is under way: no package half unpacked, no trash, no directory in the store
    /// without a row nor a row without its directory; and nothing is to be mended.
    func expectTidiness(sourceLocation: SourceLocation = #_sourceLocation) async throws {
        try await waitForQuiet()
        #expect(entries("\(root)/staging").isEmpty, sourceLocation: sourceLocation)
        #expect(entries("\(root)/trash").isEmpty, sourceLocation: sourceLocation)
        let stored = entries("\(root)/store").flatMap { plugin in
            entries("\(root)/store/\(plugin)").map { "\(plugin) \($0)" }
        }
        let rows = try await rows("SELECT plugin, directory FROM versions ORDER BY plugin, directory")
        #expect(stored.sorted() == rows.sorted(), sourceLocation: sourceLocation)
        let pass = try await hostctl("reconcile", "-o", "json")
        #expect(pass.status == 0, "\(pass.output)", sourceLocation: sourceLocation)
        let found = try JSONValue(parsing: pass.output)["found"]
        #expect(found == .integer(0), "\(pass.output)", sourceLocation: sourceLocation)
    }
}
