import HostAPI

/// The user's word that a plugin may have what it asks for.
struct Consent {
    /// Why the host wants it.
    let failure: Failure
    /// The package's permissions, as its manifest has them.
    let permissions: JSONValue?

    /// Returns if the user agrees.
    ///
    /// - Throws: `needs-consent` if not, or if nobody can be asked.
    func ask(_ output: Output) throws(Failure) {
        let wishes = permissions?.farReachingLines ?? []
        guard output.ask != nil else {
            throw Failure(
                .needsConsent,
                ([failure.message] + wishes.map { "It wants to \($0)" }).joined(separator: "\n"),
                hint: "Nobody can be asked here. To agree, add -y."
            )
        }
        output.show(failure.message)
        for wish in wishes { output.show("  It wants to \(wish)") }
        guard output.confirm("Do you agree?") == true else {
            throw Failure(.needsConsent, "You did not agree. Nothing was changed.")
        }
    }
}

extension JSONValue {
    /// What of a manifest's permissions reaches beyond the plugin itself, each to be read after "It wants to".
    var farReachingLines: [String] {
        let kinds = [
            ("exec", "run programs on this computer"),
            ("command-devices", "give commands to devices of other plugins"),
            ("read-series", "read what other plugins measure"),
        ]
        return kinds.compactMap { kind, words in
            self[kind].map { "\(words): \($0.permissionText(of: kind))" }
        }
    }
}
