/// What a new plugin is called in its files. Pure.
struct PluginNames: Equatable {
    /// `radio-2`
    let id: String

    private var words: [Substring] { id.split(separator: "-") }

    /// For people: `Radio 2`.
    var title: String { words.map(Self.capitalized).joined(separator: " ") }

    /// For types: `Radio2`.
    var type: String { words.map(Self.capitalized).joined() }

    /// For Rust: `radio_2`.
    var underscored: String { id.replacing("-", with: "_") }

    private static func capitalized(_ word: Substring) -> String { word.prefix(1).uppercased() + word.dropFirst() }

    /// The text of a template's file, or its name, made this plugin's.
    func applied(to text: String, of language: TemplateLanguage) -> String {
        let replacements: [(String, String)] =
            switch language {
            case .swift: [("TemplatePlugin", "\(type)Plugin"), ("template-swift", id), ("Template in Swift", title)]
            case .c:
                [
                    ("PACKAGE ?= template-c", "PACKAGE ?= package"), ("into ./template-c", "into ./package"),
                    ("../../../PluginAPI", "PluginAPI"), ("template-c", id), ("template.c", "\(id).c"),
                    ("Template in C", title), ("the package of the template", "the package"),
                ]
            case .rust:
                [
                    ("template_rust", underscored), ("template-rust", id), ("Template in Rust", title),
                    ("# The template stands alone; it", "# It stands alone and"),
                ]
            }
        return replacements.reduce(text) { $0.replacing($1.0, with: $1.1) }
    }
}
