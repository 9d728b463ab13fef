import DropIn
import HostAPI
import Manifests
import Store
import Testing

@testable import Runtime

/// What is no wish of the user's though it looks new.
@Suite struct DropInHistoryTests {
    /// A copy of lamp 1.0.0, and what was known of it before.
    private func judge(
        _ state: DropInRecord.State,
        version: String = "1.0.0",
        isMoved: Bool = false,
        isEdited: Bool = true,
        installed: String? = nil,
        hasTombstone: Bool = false,
        isAnother: Bool = false,
        isAtStart: Bool = false
    ) throws -> DropInRecord? {
        let before = DropInRecord(
            name: "lamp",
            device: 1,
            inode: 10,
            born: 100,
            packageHash: "old",
            plugin: "lamp",
            version: "1.0.0",
            state: state,
            seen: Timestamp(milliseconds: 0)
        )
        let identity = CopyIdentity(
            device: 1,
            inode: isMoved ? 11 : 10,
            bornNanoseconds: isMoved ? 101 : 100,
            packageHash: isEdited ? "new" : "old"
        )
        let copy = DropInCopy(
            name: "lamp",
            identity: identity,
            content: .package(
                id: try #require(PluginID("lamp")),
                version: try #require(PluginVersion(version)),
                farReaching: []
            )
        )
        let active = try installed.map {
            DropInSituation.Installed(version: try #require(PluginVersion($0)), packageHash: "active", isPinned: false)
        }
        let situation = DropInSituation(installed: active, hasTombstone: hasTombstone)
        return DropInHistory.unchangedWish(
            copy,
            isAnother: isAnother,
            isAtStart: isAtStart,
            situation,
            [before]
        )
    }

    @Test func anEditDoesNotBringBackWhatWasUninstalled() throws {
        let record = try #require(try judge(.ignored, hasTombstone: true))
        #expect(record.state == .ignored)
        #expect(record.packageHash == "new", "what it is now is what is known from now on")
    }

    @Test func anEditDoesNotTakeThePlaceOfALaterVersion() throws {
        #expect(try judge(.installed, installed: "2.0.0")?.state == .installed)
    }

    @Test func aRebuildOfWhatIsActiveIsAWish() throws {
        #expect(try judge(.installed, installed: "1.0.0") == nil)
    }

    @Test(arguments: [DropInRecord.State.ignored, .installed])
    func anotherVersionIsAWish(state: DropInRecord.State) throws {
        #expect(try judge(state, version: "1.1.0", installed: "2.0.0") == nil)
        #expect(try judge(state, version: "1.1.0", hasTombstone: true) == nil)
    }

    @Test func aCopyThatAppearsWhileTheHostRunsIsAWish() throws {
        #expect(try judge(.ignored, isMoved: true, isEdited: false, hasTombstone: true) == nil)
        #expect(try judge(.ignored, hasTombstone: true, isAnother: true) == nil)
    }

    @Test func aRestoredDirectoryBringsNothingBack() throws {
        let record = try judge(.ignored, isMoved: true, isEdited: false, hasTombstone: true, isAtStart: true)
        #expect(record?.inode == 11)
        // Other content that appeared while the host did not run.
        #expect(try judge(.ignored, isMoved: true, hasTombstone: true, isAtStart: true) == nil)
    }

    @Test func whatFailedOrWaitsIsJudgedAnew() throws {
        for state in [DropInRecord.State.failed, .refused, .needsConsent] {
            #expect(try judge(state, installed: "2.0.0") == nil)
        }
    }
}
