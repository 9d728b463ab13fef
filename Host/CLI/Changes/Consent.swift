import HostAPI

/// The user's word that a plugin may have what it asks for.
struct Consent {
    /// Why the host wants it.
    let refusal: Failure
    /// What would be done, with the package's permissions; nil if only the refusal tells what it wants.
    let plan: ChangePlan?

    /// Returns if the user agrees.
    ///
    /// - Throws: `needs-consent` if not, or if nobody can be asked.
    func ask(_ output: Output) throws(Failure) {
        guard output.ask != nil else {
            throw Failure(
                .needsConsent,
                ([heading] + wishes).joined(separator: "\n"),
                hint: "Nobody can be asked here. To agree, add -y."
            )
        }
        output.show(heading)
        for wish in wishes { output.show("  \(wish)") }
        guard output.confirm("Do you agree?") == true else {
            throw Failure(.needsConsent, "You did not agree. Nothing was changed.")
        }
    }

    private var heading: String {
        guard let plan, !wishes.isEmpty else { return refusal.message }
        return "To \(plan.summary), you have to agree that it may"
    }

    /// All that the plugin may do then, what reaches far first.
    private var wishes: [String] {
        plan?.permissions?.permissionWords ?? []
    }
}
