import HostAPI
import Manifests

extension HomeFile {
    /// Compares the file with the host. Pure: the same file and the same host give the same plan.
    ///
    /// - Parameters:
    ///   - current: The plugins that are there or of which something is remembered.
    ///   - registry: The registry in force; nil: there is none.
    ///   - directory: Where relative paths in the file start from; absolute.
    /// - Returns: What differs and what is to be done, in the order of the file.
    package func plan(current: [CurrentPlugin], registry: String?, directory: String) -> HomePlan {
        let byID = Dictionary(current.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        var plan = HomePlan()
        if let wanted = self.registry, wanted.value != registry {
            let difference = HomeDifference(
                plugin: "",
                kind: "registry",
                current: registry ?? "none",
                wanted: wanted.value,
                line: wanted.line
            )
            plan.add([difference], .setRegistry(wanted.value))
        }
        for plugin in plugins {
            let current = byID[plugin.id.text] ?? CurrentPlugin(id: plugin.id.text, version: nil)
            PluginComparison(wanted: plugin, current: current, directory: directory).compare(&plan)
        }
        return plan
    }
}

/// The look at one plugin.
private struct PluginComparison {
    let wanted: HomePlugin
    let current: CurrentPlugin
    let directory: String

    private var id: String { wanted.id.text }

    func compare(_ plan: inout HomePlan) {
        if wanted.isAbsent {
            guard let version = current.version else { return }
            let difference = difference("uninstall", "/absent", current: version, wanted: "absent", line: wanted.line)
            return add(difference, "/absent", .uninstall, to: &plan)
        }
        guard compareVersion(&plan) else { return }
        // What is switched off is so before its settings change, and what is switched on has them then.
        if wanted.isEnabled?.value == false { compareEnabled(&plan) }
        compareSettings(&plan)
        comparePinned(&plan)
        if wanted.isEnabled?.value == true { compareEnabled(&plan) }
    }

    private func difference(
        _ kind: String,
        _ key: String,
        current: String,
        wanted: String,
        line: Int
    ) -> HomeDifference {
        HomeDifference(plugin: id, kind: kind, current: current, wanted: wanted, line: line)
    }

    /// Adds a difference and what is done about it, unless the user has overridden the key.
    private func add(_ difference: HomeDifference, _ key: String, _ action: HomeAction, to plan: inout HomePlan) {
        if current.overridden.contains(key) {
            plan.add([drifted(difference)])
        } else {
            plan.add([difference], action)
        }
    }

    private func drifted(_ difference: HomeDifference) -> HomeDifference {
        var difference = difference
        difference.outcome = "drift"
        difference.result = "overridden by the user, and left so"
        return difference
    }
}

// MARK: What is installed

extension PluginComparison {
    /// - Returns: False if the plugin is not there and will not be: then nothing else of it can be compared.
    private func compareVersion(_ plan: inout HomePlan) -> Bool {
        let line = wanted.version?.line ?? wanted.source?.line ?? wanted.line
        guard let version = current.version else {
            let difference = HomeDifference(plugin: id, kind: "install", current: "absent", wanted: wish, line: line)
            return install(difference, &plan)
        }
        guard let better = replacement(of: version) else { return true }
        var difference = HomeDifference(plugin: id, kind: "version", current: version, wanted: better, line: line)
        if current.isPinned, wanted.version?.value == .latest, wanted.isPinned == nil {
            difference.outcome = "manual"
            difference.result = "it is pinned; \"hostctl unpin \(id)\" lets it be replaced"
            plan.add([difference])
        } else {
            add(difference, "/version", installation(version: better), to: &plan)
        }
        return true
    }

    private func install(_ difference: HomeDifference, _ plan: inout HomePlan) -> Bool {
        if current.isTombstoned {
            var difference = difference
            difference.outcome = "manual"
            difference.result = "it was uninstalled and does not come back by itself; type \"hostctl install \(id)\""
            plan.add([difference])
            return false
        }
        add(difference, "/version", installation(version: exactVersion), to: &plan)
        return !current.overridden.contains("/version")
    }

    /// The version to install instead of the active one; nil: it may stay.
    private func replacement(of version: String) -> String? {
        switch wanted.version?.value {
        case .exactly(let exact):
            return exact.description == version ? nil : exact.description
        case .latest:
            if let source = current.source { return source.isActive ? nil : source.version }
            guard let newest = current.newestVersion.flatMap({ PluginVersion($0) }) else { return nil }
            if let active = PluginVersion(version), newest <= active { return nil }
            return newest.description
        case nil:
            guard let source = current.source, !source.isActive else { return nil }
            return source.version
        }
    }

    private func installation(version: String?) -> HomeAction {
        guard let source = wanted.source?.value else { return .install(version: version, source: nil) }
        let relative = source.hasPrefix("./") ? String(source.dropFirst(2)) : source
        let base = directory.hasSuffix("/") ? directory : directory + "/"
        return .install(version: version, source: source.hasPrefix("/") ? source : base + relative)
    }

    private var exactVersion: String? {
        if case .exactly(let version)? = wanted.version?.value { version.description } else { nil }
    }

    private var wish: String {
        if let exactVersion { return exactVersion }
        if let source = current.source { return source.version }
        return wanted.version == nil ? "installed" : "latest"
    }
}

// MARK: How it is set

extension PluginComparison {
    private func compareEnabled(_ plan: inout HomePlan) {
        guard let isEnabled = wanted.isEnabled, isEnabled.value != current.isEnabled else { return }
        let difference = difference(
            isEnabled.value ? "enable" : "disable",
            "/enabled",
            current: current.isEnabled ? "enabled" : "disabled",
            wanted: isEnabled.value ? "enabled" : "disabled",
            line: isEnabled.line
        )
        add(difference, "/enabled", .setEnabled(isEnabled.value), to: &plan)
    }

    private func comparePinned(_ plan: inout HomePlan) {
        guard let isPinned = wanted.isPinned, isPinned.value != current.isPinned else { return }
        let difference = difference(
            "pin",
            "/pinned",
            current: current.isPinned ? "pinned" : "not pinned",
            wanted: isPinned.value ? "pinned" : "not pinned",
            line: isPinned.line
        )
        add(difference, "/pinned", .setPinned(isPinned.value), to: &plan)
    }

    private func compareSettings(_ plan: inout HomePlan) {
        let effective = current.schema?.fillingDefaults(current.saved) ?? current.saved
        let differing = wanted.ownedSettings.filter { !$0.agrees(effective: effective, saved: current.saved) }
        let overridden = differing.filter { current.overridden.contains("/settings" + $0.pointer) }
        plan.add(overridden.map { drifted(difference($0, effective)) })
        let changed = differing.filter { !current.overridden.contains("/settings" + $0.pointer) }
        let document = changed.reduce(current.saved) { $0.setting($1.path[...], to: $1.value.jsonValue) }
        plan.add(
            changed.map { difference($0, effective) },
            .saveSettings(document: document, changed: changed.map(\.pointer))
        )
    }

    private func difference(_ setting: OwnedSetting, _ effective: JSONValue) -> HomeDifference {
        let schema = current.schema.map { SettingLens($0, at: setting.path[...]) } ?? .closed
        let wanted = setting.value.jsonValue
        return HomeDifference(
            plugin: id,
            kind: "settings",
            pointer: setting.pointer,
            current: effective.value(at: setting.path[...]).map(schema.shown) ?? "nothing",
            wanted: wanted == .null ? "the default" : schema.shown(wanted),
            line: setting.mark.line
        )
    }
}

/// What may be shown of a value.
private enum SettingLens {
    case declared(SettingsSchema)
    /// The schema allows anything there.
    case open
    /// Nobody says what it is, and it may be a secret.
    case closed

    init(_ schema: SettingsSchema, at path: ArraySlice<String>) {
        guard let name = path.first else {
            self = .declared(schema)
            return
        }
        if schema.isSecret {
            self = .closed
        } else if let member = schema.member(name) {
            self.init(member, at: path.dropFirst())
        } else if case .object(let rules) = schema.shape, rules.additional == .any {
            self = .open
        } else {
            self = .closed
        }
    }

    func shown(_ value: JSONValue) -> String {
        switch self {
        case .declared(let schema):
            let masked = schema.masking(value)
            return masked == .string(SettingsSchema.mask) ? SettingsSchema.mask : masked.text
        case .open:
            return value.text
        case .closed:
            return SettingsSchema.mask
        }
    }
}
