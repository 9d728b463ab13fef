import HomeFile
import HostAPI
import Manifests

/// Reads a file, the keys of one plugin below `plugins`.
func home(_ plugin: String, more: String = "") throws -> HomeFile {
    let lines = plugin.split(separator: "\n", omittingEmptySubsequences: false).map { "    \($0)\n" }.joined()
    return try HomeFile(parsing: Array("home: 1\n\(more)plugins:\n  kasa:\n\(lines)".utf8), file: "home.yaml")
}

/// What is wrong with a file: lines such as `9:1: unknown key "colour"`.
func problems(of text: String) -> [String] {
    do {
        _ = try HomeFile(parsing: Array(text.utf8), file: "home.yaml")
        return []
    } catch {
        return error.problems.map(\.description)
    }
}

/// A schema with a bit of everything.
let schema: SettingsSchema = {
    let text = """
        type: object
        properties:
          interval: {type: integer, minimum: 1, default: 10}
          ratio: {type: number}
          name: {type: string}
          hosts: {type: array, items: {type: string}}
          password: {type: string, x-secret: true}
          accounts:
            type: array
            items:
              type: object
              properties:
                user: {type: string}
                token: {type: string, x-secret: true}
          devices:
            type: object
            additionalProperties:
              type: object
              properties:
                name: {type: string}
                pin: {type: string, x-secret: true}
                on_stop: {type: string, enum: [leave, "off"], default: leave}
          extra: {type: object, additionalProperties: true}
        """
    do {
        return try SettingsSchema(parsing: text, file: "schema")
    } catch {
        fatalError("\(error)")
    }
}()

/// An installed plugin, and then what the test makes of it.
func kasa(_ change: (inout CurrentPlugin) -> Void = { _ in }) -> CurrentPlugin {
    var plugin = CurrentPlugin(id: "kasa", version: "1.0.0", schema: schema)
    change(&plugin)
    return plugin
}

extension HomeFile {
    func planned(_ current: CurrentPlugin...) -> HomePlan {
        plan(current: current, registry: nil, directory: "/home/ann")
    }
}

extension HomePlan {
    var actions: [HomeAction] { steps.map(\.action) }
    /// `kind pointer: current -> wanted`.
    var words: [String] {
        differences.map { "\($0.kind)\($0.pointer): \($0.current) -> \($0.wanted)" }
    }
}
