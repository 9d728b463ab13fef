import HostAPI

/// Why a file of a registry could not be had.
struct RegistryProblem: Error, Sendable, Equatable {
    /// What follows from it.
    enum Kind: Sendable, Equatable {
        /// The registry answered that there is no such file.
        case absent
        /// It could not be asked just now; perhaps it said how long it wants to be left alone.
        case transient(pause: Duration?)
        /// It answered, but not with what was asked for.
        case unusable
        /// The file is not the one that the index describes.
        case different
        /// Something on this machine is in the way.
        case local
        /// Nobody wants the answer any more.
        case cancelled
    }

    var kind: Kind
    var failure: Failure

    init(_ kind: Kind, _ message: String, hint: String? = nil) {
        self.kind = kind
        let code: Failure.Code =
            switch kind {
            case .absent: .notFound
            case .transient, .unusable: .registryUnreachable
            case .different: .badPackage
            case .local: .internalError
            case .cancelled: .cancelled
            }
        failure = Failure(code, message, hint: hint)
    }

    static let cancelled = RegistryProblem(.cancelled, "The registry's answer is not wanted any more.")

    /// How long the registry wants to be left alone.
    var pause: Duration? {
        if case .transient(let pause) = kind { pause } else { nil }
    }
}

extension Failure.Code {
    /// A package is not what it claims to be.
    static let badPackage = Failure.Code(rawValue: "bad-package")
}
