/// The address of a repository.
enum GitURL {
    /// The address as it may be shown: no password, and over HTTP no user either, for a token may stand there.
    static func withoutCredentials(_ url: String) -> String {
        let url = url.printable
        // `git@host:path` and paths have no password.
        guard let scheme = url.firstRange(of: "://") else { return url }
        let isHTTP = ["http", "https"].contains(url[..<scheme.lowerBound].lowercased())
        var rest = url[scheme.upperBound...]
        if isHTTP, let end = rest.firstIndex(where: { $0 == "?" || $0 == "#" }) { rest = rest[..<end] }
        let authority = rest.prefix { $0 != "/" }
        // A password with a slash in it that nobody encoded: what looks like a port is no number.
        let port = authority.firstIndex(of: ":").map { authority[authority.index(after: $0)...] }
        let isCut = !authority.contains("@") && port.map { UInt16($0) == nil } ?? false
        let searched = isCut ? rest : authority
        guard let at = searched.lastIndex(of: "@") else { return "\(url[..<scheme.upperBound])\(rest)" }
        let user = rest[..<at].prefix { $0 != ":" }
        let host = rest[rest.index(after: at)...]
        return "\(url[..<scheme.upperBound])\(isHTTP ? "" : "\(user)@")\(host)"
    }
}
