/// A file of a registry: the index, a document with further versions, or a package.
enum RegistryFile: Sendable, Hashable {
    case web(WebAddress)
    /// A path that goes down from a directory, and may not leave it.
    case local(directory: String, path: String)

    /// Why a text names no file that can be used.
    struct Misfit: Error {
        /// "must be a path that goes down from the index, or a URL".
        var message: String
    }

    /// The file that `reference` means in a document that is this file.
    ///
    /// Relative paths are plain words between slashes, so that they mean the same in a directory and behind a web server.
    ///
    /// - Throws: If it leads out of the directory, or is not a URL that can be asked.
    func resolving(_ reference: String) throws(Misfit) -> RegistryFile {
        let isURL = reference.contains("://")
        guard isURL || Self.isRelativePath(reference) else {
            throw Misfit(message: "must be a URL or a relative path of letters, digits and . _ ~ + - without \"..\"")
        }
        switch self {
        case .web(let address):
            guard isURL else { return .web(address.resolving(plainPath: reference)) }
            do throws(WebAddress.Misfit) {
                return .web(try address.resolving(reference))
            } catch {
                throw Misfit(message: error.message)
            }
        case .local(let directory, let path):
            guard !isURL else { throw Misfit(message: "must be a relative path: a directory holds its own files") }
            let above = path.split(separator: "/").dropLast()
            return .local(directory: directory, path: (above + [reference[...]]).joined(separator: "/"))
        }
    }

    var isYAML: Bool {
        let name =
            switch self {
            case .web(let address): address.fileName
            case .local(_, let path): path[...]
            }
        return name.hasSuffix(".yaml") || name.hasSuffix(".yml")
    }

    /// The URL or the absolute path.
    var text: String {
        switch self {
        case .web(let address): address.text
        case .local(let directory, let path): "\(directory)/\(path)"
        }
    }

    private static func isRelativePath(_ text: String) -> Bool {
        guard text.utf8.count <= 1_000 else { return false }
        return text.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { part in
            !part.isEmpty && part != "." && part != ".." && part.utf8.allSatisfy(isPlain)
        }
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "._~+-".utf8.contains(byte)
        }
    }
}
