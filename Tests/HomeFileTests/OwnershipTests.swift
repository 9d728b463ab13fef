import HomeFile
import HostAPI
import Testing

@Suite struct OwnershipTests {
    @Test func everyKeyThatIsThereIsOwned() throws {
        let text = "source: a.so\nenabled: true\npinned: true\nsettings:\n  devices: {a/b: {name: x}}\n  hosts: []"
        let file = try home(text, more: "registry: x.json\n")
        #expect(
            file.ownedKeys.map { "\($0.plugin) \($0.pointer) \($0.line)" } == [
                " /registry 2", "kasa /version 5", "kasa /enabled 6", "kasa /pinned 7",
                "kasa /settings/devices/a~1b/name 9", "kasa /settings/hosts 10",
            ]
        )
        #expect(try home("absent: true").ownedKeys.map(\.pointer) == ["/absent"])
    }

    @Test func whatTheFileOwnsIsNotTheUsers() throws {
        let file = try home("enabled: true\nsettings: {hosts: [a], devices: {x: {name: lamp}}}")
        #expect(file.refusal(ofChanging: ["/settings/interval", "/version"], plugin: "kasa") == nil)
        #expect(file.refusal(ofChanging: ["/settings/devices/y", "/settings/host"], plugin: "kasa") == nil)
        #expect(file.refusal(ofChanging: ["/enabled"], plugin: "hue") == nil)
        let refusal = file.refusal(ofChanging: ["/enabled", "/settings/interval"], plugin: "kasa")
        #expect(refusal?.code == .denied)
        #expect(refusal?.message == "/enabled of kasa belongs to home.yaml:4")
        #expect(refusal?.hint?.contains("--override") == true)
        // An element of an owned list, and an object with an owned member.
        #expect(file.owners(of: ["/settings/hosts/0"], plugin: "kasa").map(\.pointer) == ["/settings/hosts"])
        #expect(file.owners(of: ["/settings/devices"], plugin: "kasa").map(\.line) == [5])
    }
}
