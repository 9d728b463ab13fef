import Glibc
import HostAPI

/// Makes a new plugin of a template.
struct Template {
    let language: TemplateLanguage
    let id: String

    private var names: PluginNames { PluginNames(id: id) }

    /// Copies the template's files under the new plugin's names.
    ///
    /// - Parameter directory: Must not be there yet, or be empty.
    /// - Throws: If it is in use, or the templates are not installed.
    func make(in directory: String) throws(Failure) {
        guard Files.names(in: directory).isEmpty else {
            throw Failure(
                .conflict,
                "\(directory) is there already and not empty",
                hint: "name another directory: hearth-plugin new \(id) DIRECTORY"
            )
        }
        let source = try Self.sourceDirectory()
        try Files.makeDirectory(directory)
        try copy("\(source)/Plugins/Templates/\(language.directory)", to: directory, isAdapted: true)
        for part in language.kit {
            try Files.makeDirectory(Self.parent(of: "\(directory)/\(part)"))
            try copy("\(source)/\(part)", to: "\(directory)/\(part)", isAdapted: false)
        }
        for (name, text) in GeneratedFiles.files(names, language) {
            try Files.create("\(directory)/\(name)", Array(text.utf8))
        }
    }

    private func copy(_ source: String, to target: String, isAdapted: Bool) throws(Failure) {
        guard Files.isDirectory(source) else {
            let bytes = try Files.read(source)
            guard isAdapted else { return try Files.create(target, bytes) }
            let text = names.applied(to: String(decoding: bytes, as: UTF8.self), of: language)
            return try Files.create(target, Array(text.utf8))
        }
        try Files.makeDirectory(target)
        for name in Files.names(in: source) where !name.hasPrefix(".") && name != "target" {
            let newName = isAdapted ? names.applied(to: name, of: language) : name
            let isCode = isAdapted && language == .swift && name.hasSuffix(".swift")
            if isCode { try Files.makeDirectory("\(target)/Sources") }
            try copy("\(source)/\(name)", to: "\(target)/\(isCode ? "Sources/" : "")\(newName)", isAdapted: isAdapted)
        }
    }

    private static func parent(of path: String) -> String {
        path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    }

    /// Where the templates are: this program lies in the source tree that it was built from, or in PREFIX/bin beside
    /// PREFIX/share/hearth.
    private static func sourceDirectory() throws(Failure) -> String {
        var directory = Files.directoryOfThisProgram
        while true {
            for candidate in [directory, "\(directory)/share/hearth"]
            where Files.isDirectory("\(candidate)/Plugins/Templates")
                && access("\(candidate)/PluginAPI/include/plugin_api.h", R_OK) == 0
            {
                return candidate
            }
            guard directory != "/" else { break }
            directory = Files.parent(of: directory)
        }
        throw Failure(
            .internalError,
            "the templates are not there: looked for share/hearth/Plugins/Templates above \(Files.directoryOfThisProgram)",
            hint: "install the whole of Hearth"
        )
    }
}
