import TestSupport
import Testing

@testable import Conformance

/// Reading a shared object without loading it.
@Suite struct DynamicObjectTests {
    @Test func findsTheExportedSymbols() async throws {
        let one = try await object("well-behaved")
        #expect(one.exports == [DynamicObject.Symbol(name: "hearth_plugin_entry", isWeak: false)])
        let two = try await object("exports-two")
        #expect(two.exports.map(\.name) == ["hearth_plugin_entry", "helpful"])
        #expect(try await object("no-entry").exports.contains { $0.name == "hearth_plugin_entry" } == false)
    }

    @Test func findsTheFlagsAndTheLibraries() async throws {
        let object = try await object("well-behaved")
        #expect(object.needed.contains("libc.so.6"))
        #expect(!object.hasTextRelocations)
        #expect(!object.hasExecutableStack)
        #expect(!object.isNeverUnloaded)
    }

    @Test func aFileThatIsCutOffIsNotTrusted() async throws {
        let bytes = try #require(FileBytes.read(try await FixturePlugins.sharedObject(of: "well-behaved")))
        for length in stride(from: 0, to: bytes.count, by: 61) { _ = DynamicObject(Array(bytes[..<length])) }
        #expect(DynamicObject([]) == nil)
        #expect(DynamicObject(Array("#!/bin/sh".utf8)) == nil)
    }

    /// Whatever a damaged file says, nothing outside of it is read and nothing overflows.
    @Test func aDamagedFileIsNotTrusted() async throws {
        let bytes = try #require(FileBytes.read(try await FixturePlugins.sharedObject(of: "exports-two")))
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<3_000 {
            var damaged = bytes
            // The headers and tables are at the front.
            for _ in 0..<4 {
                let place = Int.random(in: 4..<min(2_048, damaged.count), using: &generator)
                damaged[place] = [0, 1, 0x7F, 0x80, 0xFF].randomElement(using: &generator) ?? 0
            }
            _ = DynamicObject(damaged)
        }
    }

    private func object(_ id: String) async throws -> DynamicObject {
        let path = try await FixturePlugins.sharedObject(of: id)
        return try #require(FileBytes.read(path).flatMap(DynamicObject.init))
    }
}

/// Where a plugin's libraries are found.
@Suite struct LibrarySearchTests {
    private let files: Set = [
        "/p/lib/liba.so", "/p/libb.so", "/opt/x/libc1.so", "/usr/lib/libz.so", "/swift/libswiftCore.so",
    ]

    private var search: LibrarySearch {
        LibrarySearch(systemDirectories: ["/usr/lib"], hostDirectories: ["/swift"], isThere: files.contains)
    }

    private func find(_ library: String, _ runPath: [String] = []) -> LibrarySearch.Finding {
        search.find(library, runPath: runPath, origin: "/p")
    }

    @Test func thoseInThePackageAreFound() {
        #expect(find("libb.so", ["$ORIGIN"]) == .found)
        #expect(find("liba.so", ["${ORIGIN}/lib"]) == .found)
        #expect(find("libb.so") == .missing)
    }

    @Test func thoseOfTheSystemAndOfTheHostAreFound() {
        #expect(find("libz.so") == .found)
        #expect(find("libswiftCore.so", ["/swift"]) == .found)
        #expect(find("libswiftCore.so") == .missing)
    }

    @Test func thoseOfTheAuthorsMachineAreTold() {
        #expect(find("libc1.so", ["$ORIGIN", "/opt/x"]) == .foundOutside(directory: "/opt/x"))
    }
}
