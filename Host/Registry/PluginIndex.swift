import Glibc
import HostAPI
import Manifests

/// What a registry offers, read and checked.
struct PluginIndex: Sendable, Equatable {
    /// In the order of the document.
    var plugins: [IndexedPlugin]
    /// Why entries were left out, by id: that such a plugin is not there cannot be said.
    var broken: [PluginID: IndexProblem] = [:]
    /// Everything that was left out.
    var problems: [IndexProblem] = []

    func plugin(_ id: PluginID) -> IndexedPlugin? { plugins.first { $0.id == id } }
}

/// One plugin of an index.
struct IndexedPlugin: Sendable, Equatable {
    var id: PluginID
    var name: String
    var description: String
    var category: String
    var tags: [String]
    /// The document with its further versions.
    var metadata: RegistryFile?
    var versions: IndexedVersions
    /// What a search looks at, in lower case.
    var searchText: String

    /// True if each of the words, which are in lower case, is part of the id, name, description, category or one of the tags.
    func matches(_ words: [String]) -> Bool { words.allSatisfy { searchText.holds($0) } }
}

/// The versions of one plugin in one document.
struct IndexedVersions: Sendable, Equatable {
    /// Newest first.
    var usable: [IndexedVersion] = []
    /// Why versions were left out, by the version as it is written.
    var broken: [String: IndexProblem] = [:]
    /// Everything that was left out.
    var problems: [IndexProblem] = []

    /// These and the ones of another document; where both have one, this one's counts.
    func joined(with others: IndexedVersions?) -> IndexedVersions {
        guard let others else { return self }
        let known = Set(usable.map(\.version))
        var result = self
        result.usable = (usable + others.usable.filter { !known.contains($0.version) })
            .sorted { $0.version > $1.version }
        result.broken.merge(others.broken) { first, _ in first }
        return result
    }
}

/// One version of a plugin.
struct IndexedVersion: Sendable, Equatable {
    var version: PluginVersion
    var file: RegistryFile
    /// Lower-case hexadecimal.
    var sha256: String
    /// Of the package file, bytes.
    var size: Int64
    var minimumHost: PluginVersion?
    var abi: ABIVersion
}

/// What decides whether a version can be used here.
struct HostTraits: Sendable {
    var version: PluginVersion
    var abi: ABIVersion

    /// Why this host cannot use that version; nil if it can.
    func obstacle(to plugin: IndexedVersion) -> String? {
        if let minimum = plugin.minimumHost, minimum > version {
            return "needs Hearth \(minimum) or newer, this is \(version)"
        }
        // A newer minor version of the interface asks at run time for what it needs.
        guard plugin.abi.major == abi.major else {
            return "is made for version \(plugin.abi) of the plugin interface, this host has \(abi)"
        }
        return nil
    }
}

extension String {
    /// True if the bytes of `word` are part of the text. The standard library's search compares characters, and takes tens of
    /// times as long.
    fileprivate func holds(_ word: String) -> Bool {
        var (text, word) = (self, word)
        return text.withUTF8 { text in
            word.withUTF8 { word in
                guard let first = word.first, let beginning = word.baseAddress else { return true }
                guard text.count >= word.count, let start = text.baseAddress else { return false }
                return (0...text.count - word.count).contains { offset in
                    text[offset] == first && memcmp(start + offset, beginning, word.count) == 0
                }
            }
        }
    }
}
