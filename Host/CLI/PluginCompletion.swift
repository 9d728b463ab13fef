import ArgumentParser
import Client
import Glibc
import HostAPI

extension CompletionKind {
    /// The ids of the plugins of the host that the words on the line mean; none if it does not answer.
    static let pluginIDs = CompletionKind.custom { words, _, _ in
        await asked(words) { (host) throws(Failure) in try await host.plugins().map(\.id) }
    }

    /// The numbers of the newest changes there.
    static let changeNumbers = CompletionKind.custom { words, _, _ in
        await asked(words) { (host) throws(Failure) in
            try await host.changes(ChangesQuery(limit: 20)).map { String($0.number) }
        }
    }

    private static func asked(
        _ words: [String],
        _ ask: (HTTPHost) async throws(Failure) -> [String]
    ) async -> [String] {
        let named = words.firstIndex(of: "--root").flatMap { words.indices.contains($0 + 1) ? words[$0 + 1] : nil }
        let discovery = RootDiscovery(environment: { name in getenv(name).map { String(cString: $0) } })
        do {
            return try await ask(HTTPHost(socketPath: discovery.root(named).path))
        } catch {
            return []
        }
    }
}
