import HostAPI

/// Why an ELF file cannot be taken apart.
enum ELFError: Error, Equatable {
    case notELF
    /// It ends before what its headers speak of: a copy that is still under way looks so.
    case truncated(String)
    case malformed(String)
    case failed(Failure)

    func failure(of path: String) -> Failure {
        let path = path.shownInMessage
        return switch self {
        case .notELF: Failure(.invalidArgument, "\(path) is not an ELF file, so it cannot be a plugin's code.")
        case .truncated(let what):
            Failure(.invalidArgument, "\(path) ends too early: \(what) is missing; copy or build it again.")
        case .malformed(let what): Failure(.invalidArgument, "\(path) is damaged: \(what).")
        case .failed(let failure): failure
        }
    }
}
