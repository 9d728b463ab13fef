import ArgumentParser

/// What a new plugin is written in.
enum TemplateLanguage: String, ExpressibleByArgument, CaseIterable {
    case swift
    case c
    case rust

    /// The template's directory below `Plugins/Templates`.
    var directory: String {
        switch self {
        case .swift: "Swift"
        case .c: "C"
        case .rust: "Rust"
        }
    }

    /// What else of Hearth is copied, so that the new plugin can be built wherever it is.
    var kit: [String] {
        switch self {
        case .swift: ["PluginAPI", "SystemLibraries/CLinux"]
        case .c: ["PluginAPI/include", "PluginAPI/plugin.map"]
        case .rust: []
        }
    }

    /// The sentence after the plugin was made.
    func nextStep(in directory: String, id: String) -> String {
        "Build it with: make -C \(directory). Check it with: hostctl plugin check \(directory)/package"
    }
}
