import HomeFile
import HostAPI
import Testing

@Suite struct DifferencesTests {
    @Test func whatAgreesIsNoDifference() throws {
        let file = try home("version: 1.0.0\nenabled: true\npinned: false\nsettings: {interval: 10}")
        #expect(file.planned(kasa()) == HomePlan())
    }

    @Test func whatIsMissingIsInstalled() throws {
        let plan = try home("version: 1.2.0\nsource: ./kasa.tar.gz").planned()
        #expect(plan.words == ["install: absent -> 1.2.0"])
        #expect(plan.actions == [.install(version: "1.2.0", source: "/home/ann/kasa.tar.gz")])
        #expect(plan.differences[0].line == 4)
        #expect(try home("version: latest").planned().actions == [.install(version: nil, source: nil)])
        let absolute = try home("source: /srv/kasa").planned()
        #expect(absolute.actions == [.install(version: nil, source: "/srv/kasa")])
        #expect(absolute.words == ["install: absent -> installed"])
    }

    @Test func anUninstalledPluginWaitsForThePerson() throws {
        let plan = try home("enabled: false").planned(
            kasa { plugin in
                plugin.version = nil
                plugin.isTombstoned = true
            }
        )
        #expect(plan.steps.isEmpty)
        #expect(plan.words == ["install: absent -> installed"])
        #expect(plan.differences[0].outcome == "manual")
        #expect(plan.differences[0].result.contains("hostctl install kasa"))
    }

    @Test func theVersionIsExchanged() throws {
        let file = try home("version: 1.1.0")
        #expect(file.planned(kasa()).words == ["version: 1.0.0 -> 1.1.0"])
        #expect(file.planned(kasa { $0.isPinned = true }).actions == [.install(version: "1.1.0", source: nil)])
        #expect(try home("version: 0.9.0").planned(kasa()).actions == [.install(version: "0.9.0", source: nil)])
    }

    @Test func theLatestIsTheNewestThatIsKnown() throws {
        let file = try home("version: latest")
        #expect(file.planned(kasa()).differences.isEmpty)
        #expect(file.planned(kasa { $0.newestVersion = "1.0.0" }).differences.isEmpty)
        #expect(file.planned(kasa { $0.newestVersion = "0.9.0" }).differences.isEmpty)
        let newer = kasa { $0.newestVersion = "1.10.0" }
        #expect(file.planned(newer).actions == [.install(version: "1.10.0", source: nil)])
        var pinned = newer
        pinned.isPinned = true
        let plan = file.planned(pinned)
        #expect(plan.steps.isEmpty)
        #expect(plan.differences.map(\.outcome) == ["manual"])
    }

    @Test func aPackageBesideTheFileDecides() throws {
        let file = try home("source: kasa.so")
        #expect(file.planned(kasa()).differences.isEmpty)
        let active = kasa { $0.source = .init(version: "1.0.0", isActive: true) }
        #expect(file.planned(active).differences.isEmpty)
        let rebuilt = kasa { $0.source = .init(version: "1.0.0", isActive: false) }
        #expect(file.planned(rebuilt).actions == [.install(version: "1.0.0", source: "/home/ann/kasa.so")])
    }

    @Test func whatShallBeAbsentIsUninstalled() throws {
        let file = try home("absent: true")
        #expect(file.planned(kasa()).actions == [.uninstall])
        #expect(file.planned(kasa()).words == ["uninstall: 1.0.0 -> absent"])
        #expect(file.planned(kasa { $0.version = nil }).differences.isEmpty)
        #expect(file.planned().differences.isEmpty)
    }

    @Test func itIsSwitchedOffFirstAndOnLast() throws {
        let off = try home("enabled: false\npinned: true\nsettings: {interval: 7}").planned(kasa())
        let settings = HomeAction.saveSettings(document: .object(["interval": .integer(7)]), changed: ["/interval"])
        #expect(off.actions == [.setEnabled(false), settings, .setPinned(true)])
        #expect(
            off.words == ["disable: enabled -> disabled", "settings/interval: 10 -> 7", "pin: not pinned -> pinned"]
        )
        let on = try home("enabled: true\nsettings: {interval: 7}").planned(kasa { $0.isEnabled = false })
        #expect(on.actions == [settings, .setEnabled(true)])
        #expect(on.steps.map(\.differences) == [[0], [1]])
    }

    @Test func onlyTheKeysThatAreThereAreMerged() throws {
        let saved: JSONValue = .object([
            "name": .string("mine"),
            "hosts": .array([.string("a")]),
            "password": .string("hunter2"),
            "devices": .object(["1": .object(["name": .string("lamp"), "pin": .string("1234")])]),
        ])
        let plan = try home(
            """
            settings:
              hosts: [b, c]
              devices:
                "1": {on_stop: "off"}
                "2": {name: fan}
            """
        ).planned(kasa { $0.saved = saved })
        #expect(
            plan.words == [
                "settings/hosts: [\"a\"] -> [\"b\",\"c\"]",
                "settings/devices/1/on_stop: \"leave\" -> \"off\"",
                "settings/devices/2/name: nothing -> \"fan\"",
            ]
        )
        #expect(plan.differences.map(\.line) == [5, 7, 8])
        let document: JSONValue = .object([
            "name": .string("mine"),
            "hosts": .array([.string("b"), .string("c")]),
            "password": .string("hunter2"),
            "devices": .object([
                "1": .object(["name": .string("lamp"), "pin": .string("1234"), "on_stop": .string("off")]),
                "2": .object(["name": .string("fan")]),
            ]),
        ])
        let changed = ["/hosts", "/devices/1/on_stop", "/devices/2/name"]
        #expect(plan.actions == [.saveSettings(document: document, changed: changed)])
    }

    @Test func nullBringsBackTheDefault() throws {
        let file = try home("settings: {interval: null, devices: {x: {name: ~}}}")
        #expect(file.planned(kasa()).differences.isEmpty)
        let plan = file.planned(kasa { $0.saved = .object(["interval": .integer(7)]) })
        #expect(plan.words == ["settings/interval: 7 -> the default"])
        #expect(plan.actions == [.saveSettings(document: .object([:]), changed: ["/interval"])])
    }

    @Test func secretsAreMasked() throws {
        let text = "settings: {password: new, devices: {x: {pin: '1'}}, surprise: 1, extra: {free: 2}}"
        let plan = try home(text).planned(kasa { $0.saved = .object(["password": .string("old")]) })
        #expect(
            plan.words == [
                "settings/password: ******** -> ********",
                "settings/devices/x/pin: nothing -> ********",
                "settings/surprise: nothing -> ********",
                "settings/extra/free: nothing -> 2",
            ]
        )
        let unknown = try home("settings: {password: new}").planned(kasa { $0.schema = nil })
        #expect(unknown.words == ["settings/password: nothing -> ********"])
    }

    @Test func whatTheUserHasOverriddenIsDrift() throws {
        let file = try home("version: 1.1.0\nenabled: false\nsettings: {interval: 5, ratio: 2}")
        let plan = file.planned(kasa { $0.overridden = ["/version", "/enabled", "/settings/interval"] })
        #expect(plan.differences.map(\.outcome) == ["drift", "drift", "drift", "pending"])
        #expect(
            plan.actions == [.saveSettings(document: .object(["ratio": .integer(2)]), changed: ["/ratio"])]
        )
        let absent = try home("absent: true").planned(kasa { $0.overridden = ["/absent"] })
        #expect(absent.steps.isEmpty)
        #expect(absent.differences.map(\.outcome) == ["drift"])
    }

    @Test func theRegistryBelongsToTheHost() throws {
        let file = try home("", more: "registry: ./index.json\n")
        let plan = file.plan(current: [kasa()], registry: nil, directory: "/")
        #expect(plan.words == ["registry: none -> ./index.json"])
        #expect(plan.actions == [.setRegistry("./index.json")])
        #expect(file.plan(current: [kasa()], registry: "./index.json", directory: "/").differences.isEmpty)
    }

    @Test func whatCameOfAStepIsCounted() throws {
        var plan = try home("enabled: false\nsettings: {interval: 7, name: x}").planned(kasa())
        func summary() -> String { HomeReport(file: "home.yaml", differences: plan.differences).summary }
        #expect(summary() == "3 differences")
        plan.note(plan.steps[0], .success("disabled"))
        #expect(summary() == "3 differences: 1 applied")
        plan.note(plan.steps[1], .failure(Failure(.invalidSettings, "/name: too long")))
        #expect(summary() == "3 differences: 1 applied, 2 need attention")
        #expect(plan.differences.map(\.result) == ["disabled", "/name: too long", "/name: too long"])
        #expect(HomeReport(file: "home.yaml", differences: []).summary == "no differences")
    }
}
