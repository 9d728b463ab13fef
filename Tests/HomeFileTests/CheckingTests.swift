import HomeFile
import HostAPI
import Manifests
import Testing

@Suite struct CheckingTests {
    private func check(_ settings: String, saved: JSONValue = .object([:])) throws -> [String] {
        try home("settings: \(settings)").plugins[0].problems(schema, saved: saved).map(\.description)
    }

    @Test func validSettingsPass() throws {
        #expect(try check("{interval: 5, devices: {x: {name: lamp}}, extra: {any: [1]}}").isEmpty)
    }

    @Test(arguments: ["{password: hunter2}", "{devices: {x: {pin: '1'}}}", "{accounts: [{token: x}]}"])
    func secretsMustNotStandInTheFile(settings: String) throws {
        let found = try check(settings)
        #expect(found.count == 1)
        #expect(found.first?.contains("is a secret and must not stand in this file") == true)
        #expect(found.first?.contains("hostctl settings set kasa") == true)
        #expect(found.first?.contains("hunter2") == false)
    }

    @Test func mistakesAreNamedAtTheirPlace() throws {
        #expect(
            try check("{interval: 0, intervall: 5, devices: {x: {on_stop: of}}}") == [
                "4:57: \"/devices/x/on_stop\" must be \"leave\" or \"off\", is \"of\" (did you mean \"off\"?)",
                "4:16: \"/interval\" must be at least 1, is 0",
                "4:29: \"/intervall\" is not a setting (did you mean \"interval\"?)",
            ]
        )
    }

    @Test func whatTheFileDoesNotSayIsNotItsFault() throws {
        #expect(try check("{interval: 5}", saved: .object(["name": .integer(7)])).isEmpty)
    }

    @Test func allPluginsAreCheckedAtOnce() throws {
        let text = """
            home: 1
            plugins:
              kasa: {settings: {interval: 0}}
              hue: {settings: {password: x}}
              new: {settings: {a: 1}}
            """
        let file = try HomeFile(parsing: Array(text.utf8), file: "home.yaml")
        let hue = CurrentPlugin(id: "hue", version: "1.0.0", schema: schema)
        let error = #expect(throws: HomeFileError.self) { try file.check([kasa(), hue]) }
        #expect(error?.problems.map(\.line) == [3, 4])
        #expect(throws: Never.self) { try file.check([]) }
    }
}
