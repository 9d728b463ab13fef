import Glibc
import HostAPI
import TestSupport
import Testing

/// `hostctl install`, and what it leaves.
@Suite(.hostLogOnFailure)
struct InstallTests {
    @Test
    func packagesOfAllThreeFormsAreInstalledByTheirPaths() async throws {
        try await HostFixture.with { host in
            try await host.start()
            let lamp = Variant("lamp")
            let bell = Variant("bell")
            let door = Variant("door")
            try await host.ctl("install", try await host.package(lamp))
            try await host.ctl("install", try await host.archive(bell))
            try await host.ctl("install", try await host.embedded(door))
            for variant in [lamp, bell, door] {
                try await host.waitFor(variant)
                let detail = try await host.client.plugin(variant.id)
                #expect(detail.summary.origin == "file")
                #expect(detail.packageDirectory.hasPrefix("\(host.root)/store/\(variant.id)/1.0.0-"))
            }
            try await host.expectTidiness()
        }
    }

    @Test
    func aDryRunTellsTheStepsAndDoesNothing() async throws {
        try await HostFixture.with { host in
            try await host.start()
            let package = try await host.package(Variant("lamp"))
            let plan = try await host.ctl("install", package, "--dry-run")
            #expect(plan.contains("lamp 1.0.0"), "\(plan)")
            #expect(plan.contains("put it into the store"), "\(plan)")
            #expect(try await host.client.plugins().isEmpty)
            #expect(try await host.client.changes(ChangesQuery()).isEmpty)
            #expect(host.entries("\(host.root)/store").isEmpty)
            try await host.expectTidiness()
        }
    }

    @Test
    func aChangeIsFollowedByItsNumberAndRemembered() async throws {
        try await HostFixture.with { host in
            try await host.start()
            let number = try await host.begin("install", try await host.package(Variant("lamp")))
            let watched = try await host.hostctl("watch", "\(number)")
            #expect(watched.status == 0, "\(watched.errors)")
            try await host.waitFor(Variant("lamp"))

            let change = try await host.json("change", "\(number)")
            #expect(change["state"] == .string("done"))
            #expect(change["author"] == .string("user"))
            let tasks = change["tasks"]?.arrayValue?.compactMap { $0["name"]?.stringValue }
            #expect(tasks?.contains("commit") == true)
            let table = try await host.ctl("changes", "--plugin", "lamp")
            #expect(table.contains("install lamp 1.0.0"), "\(table)")
            // It is in the book, which outlives the host.
            #expect(try await host.terminate() == .status(0))
            try await host.start()
            #expect(try await host.ctl("changes").contains("install lamp 1.0.0"))
            #expect(try await host.hostctl("change", "4711").status == 4)
        }
    }

    @Test
    func whatIsInstalledAlreadyIsNotInstalledAgain() async throws {
        try await HostFixture.with { host in
            try await host.start()
            try await host.install(Variant("lamp"))
            let process = try await host.processID(of: "lamp")
            // The same content in another form is the same package.
            let again = try await host.hostctl("install", try await host.archive(Variant("lamp")))
            #expect(again.status == 0)
            #expect((again.output + again.errors).contains("lamp 1.0.0 is installed already"), "\(again.errors)")
            #expect(try await host.client.changes(ChangesQuery()).count == 1)
            #expect(try await host.processID(of: "lamp") == process)
        }
    }

    @Test
    func whatIsNoPackageIsRefusedWithAReasonAndLeavesNothing() async throws {
        try await HostFixture.with { host in
            try await host.start()
            try await host.install(Variant("lamp"))
            let process = try await host.processID(of: "lamp")
            let archive = try await host.archive(Variant("lamp", "1.1.0"))
            try await host.shell("truncate", "-s", "-100", archive)
            let text = "\(host.scratch.path)/text.so"
            try TextFile.write("this is not a shared object", to: text)
            let wrong = try await host.package(Variant("lamp", "1.2.0"), at: "packages/wrong-version")
            try TextFile.write(Variant("lamp", "1.3.0").manifest, to: "\(wrong)/plugin.yaml")
            for path in [archive, text, "\(host.scratch.path)/nowhere", wrong] {
                let answer = try await host.hostctl("install", path)
                #expect(answer.status != 0, "\(path)")
                #expect(answer.errors.contains("hostctl: "), "\(path): \(answer.errors)")
            }
            #expect(try await host.processID(of: "lamp") == process)
            try await host.expectTidiness()
        }
    }
}
