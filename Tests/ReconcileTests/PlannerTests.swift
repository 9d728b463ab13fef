import HostAPI
import Reconcile
import Testing

@Suite struct PlannerTests {
    @Test func allAgreeAndNothingIsFound() {
        #expect(kasa().planned() == nil)
        #expect(kasa().planned(forced) == nil)
    }

    @Test func inTheStoreOnlyIsAdoptedAsDisabled() {
        let plan = kasa { facts in
            facts.desired = nil
            facts.rest(.absent)
        }.planned()
        #expect(plan?.words == ["not-desired auto-fix"])
        #expect(plan?.steps == [.adopt])
    }

    @Test func anUninstalledPluginIsNotAdopted() {
        let plan = kasa { facts in
            facts.desired?.isWanted = false
            facts.desired?.active = nil
            facts.isTombstoned = true
            facts.rest(.absent)
        }.planned(forced)
        #expect(plan?.words == ["not-desired manual"])
        #expect(plan?.steps == [])
        #expect(plan?.findings.first?.result.contains("hostctl install kasa") == true)
    }

    @Test func whatIsNotInTheStoreIsInstalled() {
        let plan = kasa { facts in
            facts.observed.directories = []
            facts.rest(.failed("no code"))
        }.planned()
        #expect(plan?.words == ["not-in-store auto-fix"])
        #expect(plan?.steps == [.install(version: "1.0.0")])
        let never = kasa { facts in
            facts.desired?.active = nil
            facts.observed = ObservedState()
        }.planned()
        #expect(never?.steps == [.install(version: nil)])
    }

    @Test func tombstonesAndMissesAreLeftToAPerson() {
        let missing = kasa { $0.observed = ObservedState() }
        var tombstoned = missing
        tombstoned.isTombstoned = true
        #expect(tombstoned.planned(forced)?.words == ["not-in-store manual"])
        #expect(tombstoned.planned(forced)?.steps == [])

        var unknown = missing
        unknown.repairs = RepairMemory(unrecoverable: "the registry has no plugin \"kasa\"")
        let plan = unknown.planned()
        #expect(plan?.words == ["not-in-store manual"])
        #expect(plan?.steps == [])
        #expect(plan?.findings.first?.result.hasPrefix("the registry has no plugin \"kasa\"; ") == true)

        let again = unknown.planned(forced)
        #expect(again?.steps == [.install(version: "1.0.0")])
        #expect(again?.forgetsFailures == true)
    }

    @Test func aLinkedPluginIsNotFetchedFromTheRegistry() {
        let plan = kasa { facts in
            facts.desired?.link = "/src/kasa"
            facts.observed = ObservedState()
        }.planned()
        #expect(plan?.steps == [])
        #expect(plan?.findings.first?.result.contains("hostctl link /src/kasa") == true)
    }

    @Test(arguments: [true, false])
    func theDesiredStateWinsOverTheRuntime(isEnabled: Bool) {
        let plan = kasa { facts in
            facts.desired?.isEnabled = isEnabled
            facts.observed.isEnabled = !isEnabled
            if isEnabled { facts.rest(.disabled) }
        }.planned()
        #expect(plan?.words == ["enabled-differs auto-fix", "running-differs auto-fix"])
        #expect(plan?.steps == [.takeUp])
    }

    @Test func aWorkerWithOtherCodeIsExchanged() {
        let older = kasa { $0.observed.worker = WorkerReport(second) }.planned()
        #expect(older?.words == ["version-differs auto-fix"])
        #expect(older?.steps == [.takeUp])
        #expect(older?.findings.first?.current == second.directory)
        let rebuilt = kasa { $0.observed.worker?.codeHash = "cc" }.planned()
        #expect(rebuilt?.findings.first?.current == "code cc")
        #expect(rebuilt?.steps == [.takeUp])
    }

    @Test func codeInsideHostdNeedsAStartOfHostd() {
        let plan = kasa { facts in
            facts.desired?.isolation = .host
            facts.observed.worker = WorkerReport(second, isolation: .host)
        }.planned(forced)
        #expect(plan?.words == ["version-differs manual"])
        let moved = kasa { $0.desired?.isolation = .host }.planned()
        #expect(moved?.words == ["running-differs auto-fix"])
        #expect(moved?.steps == [.takeUp])
    }

    @Test func theWantedVersionIsInstalledUnlessPinned() {
        let wants = kasa { $0.desired?.wantedVersion = "1.1.0" }
        #expect(wants.planned()?.steps == [.install(version: "1.1.0")])
        var pinned = wants
        pinned.desired?.isPinned = true
        #expect(pinned.planned(forced)?.words == ["version-differs manual"])
        #expect(pinned.planned()?.findings.first?.result.contains("hostctl install kasa --version 1.1.0") == true)
        #expect(kasa { $0.desired?.wantedVersion = "1.0.0" }.planned() == nil)
    }

    @Test func settingsAreComparedWithWhatTheWorkerReported() {
        let plan = kasa { $0.desired?.settingsRevision = 4 }.planned()
        #expect(plan?.words == ["settings-differ auto-fix"])
        #expect(plan?.steps == [.applySettings])
        #expect(plan?.findings.first?.current == "revision 0")
        #expect(plan?.findings.first?.expected == "revision 4")
    }

    @Test func whatShallNotRunIsStopped() {
        let disabled = kasa { facts in
            facts.desired?.isEnabled = false
            facts.observed.isEnabled = false
        }
        #expect(disabled.planned()?.steps == [.stop])
        let removed = kasa { facts in
            facts.desired = nil
            facts.observed.directories = []
        }
        #expect(removed.planned()?.steps == [.takeUp])
    }

    @Test(arguments: [
        (Activity.stopped(byUser: false), "auto-fix", "auto-fix"), (.absent, "auto-fix", "auto-fix"),
        (.stopped(byUser: true), "none", "none"), (.backingOff, "none", "none"),
        (.auth, "manual", "manual"), (.quarantined("it crashed"), "manual", "manual"),
        (.needsHostRestart, "manual", "manual"),
        (.crashLooping, "manual", "auto-fix"), (.failed("exit status 78"), "manual", "auto-fix"),
    ])
    func whyItRestsDecides(activity: Activity, action: String, actionWhenForced: String) {
        let resting = kasa { $0.rest(activity) }
        #expect(resting.planned()?.words == ["running-differs \(action)"])
        #expect(resting.planned(forced)?.words == ["running-differs \(actionWhenForced)"])
        #expect(resting.planned()?.steps.isEmpty == (action != "auto-fix"))
        let isTold = action == "auto-fix" || resting.planned()?.findings.first?.result.isEmpty == false
        #expect(isTold)
    }

    @Test(arguments: [Activity.starting, .stopping, .running])
    func whatIsOnItsWayIsNoFinding(activity: Activity) {
        #expect(kasa { $0.rest(activity) }.planned() == nil)
    }

    @Test func inSafeModeNothingIsStarted() {
        let conditions = PassConditions(now: noon, isSafeMode: true)
        #expect(kasa { $0.rest(.stopped(byUser: false)) }.planned(conditions) == nil)
        #expect(kasa().planned(conditions) == nil)
    }

    @Test func aDamagedInstallationIsNamedAndLeft() {
        let plan = kasa { facts in
            facts.observed.damage = "plugin.yaml:3:1: \"version\" is missing"
            facts.desired?.wantedVersion = "1.1.0"
            facts.observed.isEnabled = false
            facts.rest(.disabled)
        }.planned(forced)
        #expect(plan?.words == ["record-corrupt manual", "enabled-differs manual"])
        #expect(plan?.steps == [])
        let unwanted = kasa { facts in
            facts.desired = nil
            facts.observed.damage = "plugin.yaml is not there"
            facts.rest(.absent)
        }.planned()
        #expect(unwanted?.words == ["record-corrupt manual"])
    }

    @Test func aPluginWithAChangeUnderWayIsLeftAlone() {
        let plan = kasa { facts in
            facts.observed.worker = WorkerReport(second)
            facts.observed.damage = "half there"
            facts.observed.openChange = 12
        }.planned(forced)
        #expect(plan?.words == ["record-corrupt none"])
        #expect(plan?.steps == [])
        #expect(plan?.findings.first?.result.contains("hostctl change 12") == true)
    }

    @Test func afterAFailureItWaits() {
        var facts = kasa { $0.desired?.settingsRevision = 1 }
        facts.repairs = RepairMemory(failures: 3, notBefore: noon + .seconds(300))
        let plan = facts.planned()
        #expect(plan?.words == ["settings-differ none"])
        #expect(plan?.steps == [])
        #expect(plan?.findings.first?.result.contains("after 3 failures in a row") == true)
        #expect(facts.planned(PassConditions(now: noon + .seconds(300)))?.steps == [.applySettings])
        #expect(facts.planned(forced)?.steps == [.applySettings])
        #expect(facts.planned(forced)?.forgetsFailures == true)
    }

    @Test func severalInconsistenciesAreMendedInOnePass() {
        let plan = kasa { facts in
            facts.observed.worker = WorkerReport(second, revision: 1)
            facts.observed.isEnabled = false
            facts.desired?.settingsRevision = 2
        }.planned()
        #expect(
            plan?.words == ["version-differs auto-fix", "enabled-differs auto-fix", "settings-differ auto-fix"]
        )
        #expect(plan?.steps == [.takeUp, .applySettings])
    }
}
