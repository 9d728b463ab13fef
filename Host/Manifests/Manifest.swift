package import HostAPI

/// What a plugin says about itself in `plugin.yaml`: readable without loading its code. `docs/manifest.md` is the
/// description for authors.
package struct Manifest: Sendable, Equatable {
    package var id: PluginID
    /// For people: "Kasa plugs".
    package var name: String
    package var version: PluginVersion
    package var description: String
    /// An SPDX expression, as the author writes it.
    package var license: String
    package var author: String?
    package var homepage: String?
    /// The name of the `.so` beside the manifest.
    package var entry: String
    /// The PluginAPI that the plugin was built against.
    package var abi: ABIVersion
    package var isolation: Isolation
    /// Always of type object.
    package var settings: SettingsSchema
    package var commands: [CommandDeclaration]
    package var permissions: Permissions

    /// Where the code runs.
    package enum Isolation: String, Sendable, CaseIterable {
        /// In a process of its own.
        case worker
        /// On a thread of the host, if the user has put the plugin on the allow-list.
        case host
    }
}

/// A version of PluginAPI: "1.0".
package struct ABIVersion: Sendable, Hashable, CustomStringConvertible {
    package var major: UInt32
    package var minor: UInt32

    package init(major: UInt32, minor: UInt32) {
        self.major = major
        self.minor = minor
    }

    /// Nil if `text` is not `MAJOR.MINOR`.
    package init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, text.utf8.allSatisfy({ $0 == 0x2E || (0x30...0x39).contains($0) }),
            let major = UInt32(parts[0]), let minor = UInt32(parts[1])
        else { return nil }
        self.init(major: major, minor: minor)
    }

    package var description: String { "\(major).\(minor)" }
}

/// A command that the plugin as a whole understands; devices announce their own.
package struct CommandDeclaration: Sendable, Equatable {
    /// `[a-z][a-z0-9-]{0,63}`.
    package var name: String
    package var title: String
    package var description: String?
    /// Always of type object; without members if the command takes no arguments.
    package var arguments: SettingsSchema
}

extension Manifest {
    /// The only format there is so far: the value of the key `manifest`.
    package static let format = 1

    /// Reads a manifest.
    ///
    /// - Parameters:
    ///   - bytes: YAML in UTF-8, at most 1 MiB.
    ///   - file: the name for messages.
    /// - Throws: `ManifestError` with everything that is wrong.
    package init(parsing bytes: [UInt8], file: String) throws(ManifestError) {
        let report = ProblemReport()
        let manifest = YAMLParser.parse(bytes, report: report).flatMap {
            ManifestReader.read(Place(root: $0, label: "the manifest", report: report))
        }
        guard let manifest, report.isEmpty else { throw report.error(file: file) }
        self = manifest
    }

    /// Reads a manifest from text.
    package init(parsing text: String, file: String) throws(ManifestError) {
        try self.init(parsing: Array(text.utf8), file: file)
    }
}
