import HostAPI

/// Why the content of a package is not taken.
enum PackageRefusal: Error, Equatable {
    /// One entry is wrong: its name as it is in the package, and the rest of the sentence.
    case entry([UInt8], String)
    /// The package as a whole is: the rest of the sentence.
    case whole(String)
    /// The file ends before it should: the rest of the sentence. A copy that is still under way looks so.
    case truncated(String)
    /// The disk, or whoever asked, stopped it.
    case failed(Failure)

    /// As the user is told it; `path` is the package.
    func failure(of path: String) -> Failure {
        switch self {
        case .entry(let name, let reason):
            Failure(
                .invalidArgument,
                "\(String(decoding: name, as: UTF8.self).excerpt.shownInMessage) in \(path) \(reason).",
                hint: "nothing was installed; pack the plugin again with `hostctl plugin pack`"
            )
        case .whole(let reason), .truncated(let reason):
            Failure(.invalidArgument, "\(path) \(reason).")
        case .failed(let failure): failure
        }
    }
}

/// Runs `body`, whose failures are the disk's.
func onDisk<Result: ~Copyable>(_ body: () throws(Failure) -> Result) throws(PackageRefusal) -> Result {
    do {
        return try body()
    } catch {
        throw .failed(error)
    }
}
