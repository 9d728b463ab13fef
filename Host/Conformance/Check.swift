/// One thing that a plugin has to do right.
package protocol Check {
    /// A word or two for scripts: `settings-values`.
    var name: String { get }
    var group: CheckGroup { get }
    /// What is looked at, in one sentence.
    var purpose: String { get }
    /// What must have gone well before, so that this can be tried.
    var need: Need { get }

    /// Looks at it.
    func verdict(on bench: Bench) async -> Verdict
}

/// What a check is about; in the order of the report.
package enum CheckGroup: String, CaseIterable, Sendable {
    case package = "Package"
    case code = "Code"
    case loading = "Loading"
    case life = "Life"
    case settings = "Settings"
    case commands = "Commands"
    case manners = "Manners"
}

/// What must have gone well; each includes those before it.
package enum Need: Int, Comparable, Sendable {
    case nothing
    /// The manifest can be read.
    case manifest
    /// The entry file is a shared object for this machine.
    case code
    /// The host takes the code.
    case loading
    /// START is answered, and not with a bug: the plugin may still say that it needs its device or a password.
    case answering
    /// START is answered with ok.
    case running

    package static func < (left: Need, right: Need) -> Bool { left.rawValue < right.rawValue }

    /// Why a check that needs this is skipped.
    var excuse: String {
        switch self {
        case .nothing: ""
        case .manifest: "the manifest cannot be used"
        case .code: "the entry file cannot be used"
        case .loading: "the code does not load"
        case .answering: "the plugin does not start"
        case .running: "the plugin does not run without its device or account; give settings with --settings FILE"
        }
    }
}
