import Store
import Testing

@Suite struct OwnedKeyTests {
    private func key(_ plugin: String, _ pointer: String, line: Int, isOverridden: Bool = false) -> OwnedKey {
        OwnedKey(plugin: plugin, pointer: pointer, file: "/etc/home.yaml", line: line, isOverridden: isOverridden)
    }

    @Test func aFileReplacesWhatItOwnedBefore() throws {
        let scratch = try Scratch()
        let database = try StateDatabase(path: scratch.state)
        try database.replaceOwnedKeys([key("kasa", "/settings/a", line: 7), key("hue", "/enabled", line: 3)])
        #expect(
            try database.ownedKeys() == [key("hue", "/enabled", line: 3), key("kasa", "/settings/a", line: 7)]
        )
        #expect(try database.ownedKeys(ofPlugin: "hue") == [key("hue", "/enabled", line: 3)])

        try database.replaceOwnedKeys([key("kasa", "/settings/b", line: 7)])
        #expect(try database.ownedKeys() == [key("kasa", "/settings/b", line: 7)])
        try database.replaceOwnedKeys([])
        #expect(try database.ownedKeys().isEmpty)
    }

    @Test func anOverrideLastsAsLongAsTheFileHasTheKey() throws {
        let scratch = try Scratch()
        let database = try StateDatabase(path: scratch.state)
        let keys = [key("kasa", "/enabled", line: 4), key("kasa", "/version", line: 5)]
        try database.replaceOwnedKeys(keys)
        #expect(try !database.setOverridden(true, plugin: "hue", pointer: "/enabled"))
        #expect(try database.setOverridden(true, plugin: "kasa", pointer: "/enabled"))

        try database.replaceOwnedKeys([key("kasa", "/enabled", line: 9)])
        #expect(try database.ownedKeys() == [key("kasa", "/enabled", line: 9, isOverridden: true)])
        try database.replaceOwnedKeys([])
        try database.replaceOwnedKeys(keys)
        #expect(try database.ownedKeys() == keys)

        #expect(try database.setOverridden(true, plugin: "kasa", pointer: "/enabled"))
        #expect(try database.setOverridden(false, plugin: "kasa", pointer: "/enabled"))
        #expect(try database.ownedKeys() == keys)
    }
}
