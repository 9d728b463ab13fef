import HostAPI

/// Where a registry is, as the user wrote it.
struct RegistryLocation: Sendable, Equatable {
    /// The URL or the absolute path, for people.
    let text: String
    /// The index, or where it could be; the first that is there counts.
    let indexes: [RegistryFile]

    /// - Throws: If it is neither a URL nor an absolute path.
    init(_ text: String) throws(Failure) {
        let isURL = text.contains("://")
        if isURL, !text.lowercased().hasPrefix("file://") {
            do throws(WebAddress.Misfit) {
                let address = try WebAddress(text)
                self.text = address.text
                indexes = [.web(address.fileName.isEmpty ? try address.resolving("index.json") : address)]
            } catch {
                throw Self.failure(text, error.message)
            }
            return
        }
        let path = isURL ? String(text.dropFirst("file://".count)) : text
        guard path.hasPrefix("/") else { throw Self.failure(text, "is neither a URL nor an absolute path") }
        guard path.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F }), !path.utf8.contains(0) else {
            throw Self.failure(text, "holds characters that no path has")
        }
        guard !isURL || !path.contains("%") else {
            throw Self.failure(text, "holds a percent sign; write the plain path instead of a URL")
        }
        let parts = path.split(separator: "/")
        guard !parts.contains("."), !parts.contains("..") else {
            throw Self.failure(text, "must not hold \".\" or \"..\"")
        }
        self.text = "/" + parts.joined(separator: "/")
        if let name = parts.last, [".json", ".yaml", ".yml"].contains(where: { name.hasSuffix($0) }) {
            indexes = [.local(directory: "/" + parts.dropLast().joined(separator: "/"), path: String(name))]
        } else {
            let directory = self.text
            indexes = ["index.json", "index.yaml"].map { .local(directory: directory, path: $0) }
        }
    }

    private static func failure(_ text: String, _ reason: String) -> Failure {
        Failure(
            .invalidArgument,
            "The registry \"\(text.excerpt)\" cannot be used: it \(reason).",
            hint: "Write a URL such as https://example.org/hearth/index.json, or the absolute path of a directory"
        )
    }
}
