package import HostAPI

/// Why a package cannot be used.
package enum PackageError: Error, Sendable, Equatable {
    case manifestMissing(path: String, reason: String)
    case manifestInvalid(ManifestError)
    case entryMissing(path: String, reason: String)
    case entryOutside(path: String, target: String)
    case notELF(path: String)
    case notSharedObject(path: String)
    case otherMachine(path: String, built: String, here: String)

    /// The name of the outcome in `hostctl list`.
    package var outcome: LoadOutcome {
        switch self {
        case .manifestMissing, .manifestInvalid: .badManifest
        case .entryMissing, .entryOutside: .fileMissing
        case .notELF, .notSharedObject, .otherMachine: .dlopenFailed
        }
    }
}

extension PackageError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .manifestMissing(let path, let reason): "\(path) cannot be read: \(reason)"
        case .manifestInvalid(let error): error.description
        case .entryMissing(let path, let reason): "the entry file \(path) cannot be read: \(reason)"
        case .entryOutside(let path, let target):
            "the entry file \(path) leads out of the package, to \(target); put a copy of it into the package"
        case .notELF(let path): "\(path) is not an ELF file"
        case .notSharedObject(let path): "\(path) is an ELF file but not a shared object; link it with -shared"
        case .otherMachine(let path, let built, let here): "\(path) is built for \(built), this machine is \(here)"
        }
    }
}

extension PackageError: FailureConvertible {
    package var failure: Failure { Failure(.invalidArgument, description) }
}
