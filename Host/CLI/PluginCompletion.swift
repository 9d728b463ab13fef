import ArgumentParser
import Client
import Glibc
import HostAPI

extension CompletionKind {
    /// The ids of the plugins of the host that the words on the line mean; none if it does not answer.
    static let pluginIDs = CompletionKind.custom { words, _, _ in
        let named = words.firstIndex(of: "--root").flatMap { words.indices.contains($0 + 1) ? words[$0 + 1] : nil }
        let discovery = RootDiscovery(environment: { name in getenv(name).map { String(cString: $0) } })
        do {
            return try await HTTPHost(socketPath: discovery.root(named).path).plugins().map(\.id)
        } catch {
            return []
        }
    }
}
