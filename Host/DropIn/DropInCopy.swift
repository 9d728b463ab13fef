package import HostAPI
package import Manifests

/// One copy of a package in the drop-in directory, as it was found.
package struct DropInCopy: Sendable, Equatable {
    package enum Content: Sendable, Equatable {
        /// - Parameters:
        ///   - farReaching: The far-reaching permissions that the active version does not have already, one by one, as
        ///     the user is asked about them.
        case package(id: PluginID, version: PluginVersion, farReaching: [String])
        /// It cannot be used as it is; a sentence.
        case broken(String)
        /// It is not whole yet; a sentence that says what is missing.
        case incomplete(String)
    }

    /// The entry's.
    package var name: String
    package var identity: CopyIdentity
    package var content: Content

    package init(name: String, identity: CopyIdentity, content: Content) {
        self.name = name
        self.identity = identity
        self.content = content
    }
}

/// What is remembered of a copy: a row of `drop_ins` without the time.
package struct DropInRow: Sendable, Equatable {
    package enum State: String, Sendable {
        case installed
        /// It is known and not wanted: it lay there when its plugin was uninstalled, or gave way to another copy.
        case ignored
        /// It cannot be used as things are; it is judged anew with every look.
        case refused
        case needsConsent = "needs-consent"
        /// It was tried. It is not tried again until it changes.
        case failed
    }

    package var name: String
    package var identity: CopyIdentity
    /// Empty if the manifest cannot be read.
    package var plugin: String
    package var version: String
    package var state: State
    /// Why; a sentence, or empty.
    package var message: String

    package init(
        name: String,
        identity: CopyIdentity,
        plugin: String,
        version: String,
        state: State,
        message: String = ""
    ) {
        self.name = name
        self.identity = identity
        self.plugin = plugin
        self.version = version
        self.state = state
        self.message = message
    }

    /// The row of the copy of that identity: a copy that was only renamed is the same.
    ///
    /// - Parameters:
    ///   - name: The copy's.
    ///   - identity: The copy's.
    ///   - isAnother: What had that name before has vanished: its row does not count.
    ///   - rows: All of them, or those of the plugin.
    /// - Returns: nil: it is new, or has changed.
    package static func known(
        _ name: String,
        _ identity: CopyIdentity,
        isAnother: Bool = false,
        in rows: [DropInRow]
    ) -> DropInRow? {
        let same = rows.filter { $0.identity.isSame(as: identity) && !(isAnother && $0.name == name) }
        return same.first { $0.name == name } ?? same.first
    }

    /// The same copy after its installation failed; `message` says why.
    package func failed(_ message: String) -> DropInRow {
        var row = self
        row.state = .failed
        row.message = message
        return row
    }
}
