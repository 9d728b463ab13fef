import Manifests

/// It does what its manifest says, and no more.
struct PermissionsCheck: Check {
    let name = "permissions"
    let group = CheckGroup.manners
    let purpose = "left alone, it asks for nothing and uses no ports but what its manifest declares"
    let need = Need.running

    func verdict(on bench: Bench) async -> Verdict {
        guard let permissions = bench.manifest?.permissions, let idle = await bench.idleObservation() else {
            return .skipped("no worker could be started")
        }
        if let refused = idle.record.refused.first {
            return .failed(
                "it asks for \(refused), which its manifest does not declare",
                mend: "declare it under permissions; the user sees that before the plugin is installed"
            )
        }
        guard let use = Self.undeclared(idle.network, permissions) else { return .passed() }
        return .failed("it \(use), which its manifest does not declare", mend: "declare the port under permissions")
    }

    /// The first use of a port that is not declared; nil if there is none. Pure.
    static func undeclared(_ network: NetworkUse, _ permissions: Permissions) -> String? {
        if let port = network.listening.sorted().first(where: { !permissions.listen.contains($0) }) {
            return "listens on TCP port \(port)"
        }
        if let port = network.tcp.sorted().first(where: { !permissions.tcp.allows($0) }) {
            return "is connected to TCP port \(port)"
        }
        if let port = network.udp.sorted().first(where: { !permissions.udp.allows($0) }) {
            return "is connected to UDP port \(port)"
        }
        return nil
    }
}
