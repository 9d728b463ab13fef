internal import HostAPI
internal import Store

/// What a user reads at the end of a change.
extension Job {
    var successMessage: String { ([achievement] + remarks.map(\.withoutPeriod)).joined(separator: "; ") }

    var undoneMessage: String {
        guard let failure = change.failure else { return "everything is as it was before" }
        return "everything is as it was before: \(failure.message)"
    }

    private var achievement: String {
        let version = parameters.target?.version ?? ""
        switch change.kind {
        case .uninstall: return uninstalled
        case .rollback: return "\(plugin) is back at \(version); \(before.active?.version ?? "") is kept"
        case .adopt:
            return "\(plugin) \(version) was taken up from the store, disabled; `hostctl enable \(plugin)` starts it"
        case .link:
            return
                "\(plugin) \(version) runs from \(parameters.after?.link ?? "its directory") and follows what is built there"
        default: return installed(version) + unlinked
        }
    }

    private func installed(_ version: String) -> String {
        if let active = before.active {
            return active.version == version
                ? "another build of \(plugin) \(version) is installed"
                : "\(plugin) went from \(active.version) to \(version)"
        }
        let isDisabled = before.installation != nil && !before.isEnabled
        let disabled = isDisabled ? "; it is disabled: `hostctl enable \(plugin)` starts it" : ""
        guard before.tombstone?.keptUntil != nil, before.installation != nil else {
            return "\(plugin) \(version) is installed" + disabled
        }
        return "\(plugin) \(version) is installed again, with the settings and data that were kept" + disabled
    }

    /// Whatever is installed over a linked plugin ends the link.
    private var unlinked: String {
        guard let link = before.active == nil ? nil : before.installation?.link, parameters.after?.link == nil else {
            return ""
        }
        return "; it follows \(link) no more: `hostctl link \(link)` links it again"
    }

    private var uninstalled: String {
        var text = "\(plugin) was uninstalled"
        if parameters.request.isPurge {
            text += ", and its settings and data are deleted"
        } else {
            let until = services.now() + services.keptFor
            text += "; its settings and data are kept until \(until.description.prefix(10))"
        }
        let copies = parameters.copies.map(\.name)
        guard !copies.isEmpty else { return parameters.request.isPurge ? text : text + "; " + wayBack }
        let names = copies.joined(separator: ", ")
        return text + "; plugins.d still holds \(names), which \(copies.count == 1 ? "is" : "are") ignored; " + wayBack
    }

    /// What the user types to have the plugin again, from where it came.
    private var wayBack: String {
        if let copy = parameters.copies.first {
            return "`hostctl install \(layout.dropIns)/\(copy.name)` brings it back"
        }
        if let link = before.installation?.link { return "`hostctl link \(link)` brings it back" }
        return before.installation?.origin == "registry"
            ? "`hostctl install \(plugin)` brings it back"
            : "its package brings it back or, from a registry that has it, `hostctl install \(plugin)`"
    }
}
