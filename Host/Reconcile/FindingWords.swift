import HostAPI

/// The words of `Finding.kind`.
package enum FindingKind: String, Sendable, CaseIterable {
    case notDesired = "not-desired"
    case notInStore = "not-in-store"
    case enabledDiffers = "enabled-differs"
    case versionDiffers = "version-differs"
    case settingsDiffer = "settings-differ"
    case runningDiffers = "running-differs"
    case recordCorrupt = "record-corrupt"
}

/// The words of `Finding.action`.
package enum FindingAction: String, Sendable, CaseIterable {
    case autoFix = "auto-fix"
    case manual
    case none
}

/// The words of `Finding.outcome`.
package enum FindingOutcome: String, Sendable, CaseIterable {
    case pending
    case fixed
    case failed
    case left
}
