package import HostAPI
package import Manifests

extension HomePlugin {
    /// What is wrong with the settings that the file says of a plugin, each at its place.
    ///
    /// - Parameters:
    ///   - schema: The plugin's.
    ///   - saved: What is saved of its settings; together with them the file's must be valid.
    /// - Returns: Empty if nothing is.
    package func problems(_ schema: SettingsSchema, saved: JSONValue = .object([:])) -> [ManifestError.Problem] {
        guard settings != nil else { return [] }
        let owned = ownedSettings
        let secrets = owned.filter { schema.touchesSecret(at: $0.path[...], $0.value.jsonValue) }
        let refused = secrets.map { setting in
            ManifestError.Problem(
                at: setting.mark,
                path: pointer(setting.pointer),
                message: "\"\(setting.path.last ?? "")\" is a secret and must not stand in this file; "
                    + "take it out and type \"hostctl settings set \(id)\""
            )
        }
        let merged = owned.reduce(saved) { $0.setting($1.path[...], to: $1.value.jsonValue) }
        let invalid = schema.validate(schema.fillingDefaults(merged)).filter { problem in
            !secrets.contains { problem.pointer.isWithin($0.pointer) }
        }
        return refused + invalid.compactMap { located($0, owned) }
    }

    /// A problem with its place in the file; nil if the file has nothing to do with it.
    private func located(_ problem: SettingsProblem, _ owned: [OwnedSetting]) -> ManifestError.Problem? {
        let culprit = owned.first { problem.pointer.isWithin($0.pointer) }
        // Something is missing in, or not allowed in, an object of which the file says a part.
        guard let setting = culprit ?? owned.first(where: { $0.pointer.isWithin(problem.pointer) }) else { return nil }
        let value = problem.value.map { ", is \($0)" } ?? ""
        let name = problem.pointer.isEmpty ? "the settings of \(id)" : "\"\(problem.pointer)\""
        return ManifestError.Problem(
            at: setting.mark,
            path: pointer(problem.pointer),
            message: "\(name) \(problem.message)\(value)",
            suggestion: problem.suggestion
        )
    }

    private func pointer(_ settings: String) -> String { "/plugins/\(id)/settings\(settings)" }
}

extension HomeFile {
    /// Checks what the file says of the settings of those plugins that are known.
    ///
    /// - Parameter current: How the plugins are.
    /// - Throws: Everything that is wrong.
    package func check(_ current: [CurrentPlugin]) throws(HomeFileError) {
        let byID = Dictionary(current.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        var problems: [ManifestError.Problem] = []
        for plugin in plugins {
            guard let known = byID[plugin.id.text], let schema = known.schema else { continue }
            problems += plugin.problems(schema, saved: known.saved)
        }
        guard problems.isEmpty else { throw HomeFileError(file: file, problems: problems) }
    }
}

extension SettingsSchema {
    /// Whether a value at that place is a secret, or has one in it.
    fileprivate func touchesSecret(at path: ArraySlice<String>, _ value: JSONValue) -> Bool {
        if isSecret { return true }
        guard let name = path.first else { return value != .object([:]) && value != .null && containsSecret }
        return member(name)?.touchesSecret(at: path.dropFirst(), value) ?? false
    }
}
