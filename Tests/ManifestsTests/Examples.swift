import Manifests

/// A manifest with nothing but what is required, and the lines of a test after it.
func minimal(_ more: String = "", without key: String? = nil) -> String {
    let lines = [
        "manifest: 1",
        "id: kasa",
        "name: Kasa plugs",
        "version: 1.2.3",
        "description: Plugs",
        "license: Apache-2.0",
        "entry: kasa.so",
        "abi: \"1.0\"",
    ]
    return lines.filter { line in key.map { !line.hasPrefix($0 + ":") } ?? true }.joined(separator: "\n") + "\n" + more
}

/// What is wrong with a manifest: lines such as `9:1: unknown key "colour"`.
func problems(of text: String) -> [String] {
    do {
        _ = try Manifest(parsing: text, file: "plugin.yaml")
        return []
    } catch {
        return error.problems.map(\.description)
    }
}

/// What is wrong with the settings schema of a manifest, whose lines begin at line 10, column 3.
func problems(ofSettings schema: String) -> [String] {
    problems(of: minimal("settings:\n" + schema.split(separator: "\n").map { "  \($0)\n" }.joined()))
}
