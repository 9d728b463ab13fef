import DropIn
import HostAPI
import Manifests
import Testing

/// Every case of what is done about a copy.
struct DropInPolicyTests {
    typealias Situation = DropInSituation

    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var copy: DropInCopy
        var situation: Situation
        var decision: DropInDecision
        /// Nil: no row is written.
        var state: DropInRow.State?

        init(
            _ name: String,
            _ copy: DropInCopy,
            _ situation: Situation,
            _ decision: DropInDecision,
            _ state: DropInRow.State?
        ) {
            testDescription = name
            self.copy = copy
            self.situation = situation
            self.decision = decision
            self.state = state
        }

        init(
            _ name: String,
            _ situation: Situation,
            _ decision: DropInDecision,
            _ state: DropInRow.State?
        ) {
            self.init(name, DropInPolicyTests.copy(), situation, decision, state)
        }
    }

    // MARK: Shorthands

    static func identity(_ hash: String = "aa", inode: UInt64 = 7, born: Int64 = 70) -> CopyIdentity {
        CopyIdentity(device: 1, inode: inode, bornNanoseconds: born, packageHash: hash)
    }

    static func version(_ text: String) -> PluginVersion {
        guard let version = PluginVersion(text) else { fatalError("\(text) is not a version") }
        return version
    }

    static func copy(_ text: String = "1.1.0", _ name: String = "kasa", asks: [String] = []) -> DropInCopy {
        guard let id = PluginID("kasa") else { fatalError("kasa is not an id") }
        let content = DropInCopy.Content.package(id: id, version: version(text), farReaching: asks)
        return DropInCopy(name: name, identity: identity(), content: content)
    }

    static func row(_ state: DropInRow.State, _ message: String = "") -> DropInRow {
        DropInRow(name: "kasa", identity: identity(), plugin: "kasa", version: "1.1.0", state: state, message: message)
    }

    static func installed(_ text: String, _ hash: String = "bb", isPinned: Bool = false) -> Situation.Installed {
        Situation.Installed(version: version(text), packageHash: hash, isPinned: isPinned)
    }

    static func bad(_ content: DropInCopy.Content) -> DropInCopy {
        DropInCopy(name: "kasa", identity: identity(), content: content)
    }

    static let uninstalledText = """
        kasa was uninstalled while the copy plugins.d/kasa lay there, so the copy is ignored; \
        remove it, or type `hostctl install` with its path to have kasa back
        """
    static let pinnedText = """
        kasa is pinned to 1.0.0, so the copy plugins.d/kasa with 1.1.0 is ignored; \
        type `hostctl unpin kasa` to have it installed
        """
    static let consentText = "kasa 1.1.0 in plugins.d/kasa asks for exec ping and waits until the user agrees"

    static func beatenText(_ loser: String, _ winner: String) -> String {
        "plugins.d/\(loser) and plugins.d/\(winner), which is used; remove one of them"
    }

    static let cases: [Case] = [
        Case("a new copy is installed", Situation(), .install, .installed),
        Case("a newer version is installed", Situation(installed: installed("1.0.0")), .install, .installed),
        Case(
            "a lower version that appears is the user's wish",
            Situation(installed: installed("2.0.0")),
            .install,
            .installed
        ),
        Case(
            "the same version with other content is installed",
            Situation(installed: installed("1.1.0")),
            .install,
            .installed
        ),
        Case("what is active already", Situation(installed: installed("1.1.0", "aa")), .nothing, .installed),
        Case(
            "what is active already, though it failed once or is pinned",
            Situation(known: row(.failed), installed: installed("1.1.0", "aa", isPinned: true)),
            .nothing,
            .installed
        ),
        Case(
            "an old copy of an upgraded plugin does not downgrade it",
            Situation(known: row(.installed), installed: installed("2.0.0")),
            .nothing,
            .installed
        ),
        Case(
            "a known copy of a plugin that is not there is not installed again",
            Situation(known: row(.installed)),
            .nothing,
            .installed
        ),

        Case("a new copy after an uninstall is the user's wish", Situation(hasTombstone: true), .install, .installed),
        Case(
            "a copy that lay there at the uninstall is ignored",
            Situation(known: row(.ignored), hasTombstone: true),
            .ignore(uninstalledText),
            .ignored
        ),
        Case(
            "it is said once",
            Situation(known: row(.ignored, uninstalledText), hasTombstone: true),
            .nothing,
            .ignored
        ),
        Case(
            "a forced pass lifts no tombstone",
            Situation(known: row(.ignored, uninstalledText), hasTombstone: true, isForced: true),
            .nothing,
            .ignored
        ),
        Case(
            "whatever was known of it",
            Situation(known: row(.failed), hasTombstone: true, isForced: true),
            .ignore(uninstalledText),
            .ignored
        ),
        Case(
            "an ignored copy stays so when its plugin was installed from elsewhere",
            Situation(known: row(.ignored), installed: installed("2.0.0")),
            .nothing,
            .ignored
        ),
        Case(
            "a new copy after an uninstall still has to be agreed to",
            copy(asks: ["exec ping"]),
            Situation(hasTombstone: true),
            .needsConsent(["exec ping"]),
            .needsConsent
        ),

        Case("what failed is not tried again", Situation(known: row(.failed)), .nothing, .failed),
        Case("unless it is asked for", Situation(known: row(.failed), isForced: true), .install, .installed),

        Case(
            "a pinned plugin is left alone",
            Situation(installed: installed("1.0.0", isPinned: true)),
            .ignore(pinnedText),
            .refused
        ),
        Case(
            "that is said once",
            Situation(known: row(.refused, pinnedText), installed: installed("1.0.0", isPinned: true)),
            .nothing,
            .refused
        ),
        Case(
            "after unpin it is installed",
            Situation(known: row(.refused, pinnedText), installed: installed("1.0.0")),
            .install,
            .installed
        ),

        Case(
            "far-reaching permissions",
            copy(asks: ["exec ping"]),
            Situation(),
            .needsConsent(["exec ping"]),
            .needsConsent
        ),
        Case(
            "are asked about once",
            copy(asks: ["exec ping"]),
            Situation(known: row(.needsConsent, consentText)),
            .nothing,
            .needsConsent
        ),
        Case(
            "a copy that waited is installed when its permissions are there already",
            Situation(known: row(.needsConsent, consentText), installed: installed("1.0.0")),
            .install,
            .installed
        ),

        Case("what is not whole waits", bad(.incomplete("x")), Situation(), .wait("x"), nil),
        Case(
            "also if something was known of it",
            bad(.incomplete("x")),
            Situation(known: row(.installed), hasTombstone: true),
            .wait("x"),
            nil
        ),
        Case("what is broken is said", bad(.broken("x")), Situation(), .broken("x"), .refused),
        Case(
            "for another reason than before: again",
            bad(.broken("x")),
            Situation(known: row(.refused, "y")),
            .broken("x"),
            .refused
        ),
        Case("what can be read by now is installed", Situation(known: row(.refused, "y")), .install, .installed),

        Case(
            "of several at the start the highest version is used",
            copy("1.10.0"),
            Situation(rivals: [
                .init(name: "a", version: version("1.9.0")), .init(name: "b", version: version("1.2.0")),
            ]),
            .install,
            .installed
        ),
        Case(
            "the others are named and ignored",
            copy("1.9.0"),
            Situation(rivals: [
                .init(name: "a", version: version("1.2.0")), .init(name: "b", version: version("1.10.0")),
            ]),
            .ignore(beatenText("kasa holds kasa 1.9.0", "b holds kasa 1.10.0")),
            .ignored
        ),
        Case(
            "of equal ones the first by name is used",
            Situation(rivals: [.init(name: "kasa-copy", version: version("1.1.0"))]),
            .install,
            .installed
        ),
        Case(
            "and not the second",
            copy("1.1.0", "kasa-copy"),
            Situation(rivals: [.init(name: "kasa", version: version("1.1.0"))]),
            .ignore(beatenText("kasa-copy holds kasa 1.1.0", "kasa holds kasa 1.1.0")),
            .ignored
        ),
    ]

    @Test(arguments: cases) func decides(_ test: Case) {
        let verdict = DropInPolicy.verdict(test.copy, test.situation)
        #expect(verdict.decision == test.decision)
        #expect(verdict.row?.state == test.state)
        if let row = verdict.row {
            #expect(row.name == test.copy.name)
            #expect(row.identity == test.copy.identity)
        }
    }

    @Test func aBrokenCopyIsSaidOnce() {
        let broken = Self.bad(.broken("x"))
        let first = DropInPolicy.verdict(broken, Situation())
        #expect(DropInPolicy.verdict(broken, Situation(known: first.row)) == DropInVerdict(.nothing, row: first.row))
    }

    // MARK: Which copies are known

    @Test func aCopyIsKnownByItsIdentity() {
        let rows = [Self.row(.ignored)]
        #expect(DropInRow.known("kasa", Self.identity(), in: rows) == rows[0])
        #expect(DropInRow.known("renamed", Self.identity(), in: rows) == rows[0])
        #expect(DropInRow.known("kasa", Self.identity("cc"), in: rows) == nil)
        #expect(DropInRow.known("kasa", Self.identity(inode: 8), in: rows) == nil)
        #expect(DropInRow.known("kasa", Self.identity(born: 71), in: rows) == nil)
        #expect(DropInRow.known("kasa", Self.identity(), isAnother: true, in: rows) == nil)
    }

    @Test func anotherNumberOfTheDeviceIsNotAnotherCopy() {
        var moved = Self.identity()
        moved.device = 2
        #expect(DropInRow.known("kasa", moved, in: [Self.row(.ignored)]) != nil)
    }

    @Test func aRenamedCopyIsRememberedUnderItsNewName() {
        let renamed = Self.copy("1.1.0", "new-name")
        let verdict = DropInPolicy.verdict(renamed, Situation(known: Self.row(.ignored, "why")))
        #expect(verdict.decision == .nothing)
        #expect(verdict.row?.name == "new-name")
        #expect(verdict.row?.message == "why")
    }
}
