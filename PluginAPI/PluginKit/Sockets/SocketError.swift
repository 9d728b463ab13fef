/// Why a socket did not do what it was asked for. Each description says what to check.
public enum SocketError: Error, Hashable, CustomStringConvertible {
    /// The name could not be turned into an address.
    case nameNotResolved(name: String, reason: String)
    /// A machine answered that nothing listens on this port.
    case refused(peer: String)
    /// No way to the peer: it is off, or this machine is in another network.
    case unreachable(peer: String)
    /// The time was over before the peer answered.
    case timedOut(peer: String, waitingFor: String)
    /// The peer broke the connection off.
    case reset(peer: String)
    /// The peer ended the connection before everything that was expected had come.
    case ended(peer: String, missing: Int)
    /// The connection was closed on this side, or the task that used it was cancelled.
    case closed(peer: String)
    /// The sandbox or the operating system forbids it.
    case denied(peer: String)
    /// Another program has this port.
    case portTaken(port: UInt16)
    /// Anything else, in the operating system's words.
    case system(doing: String, code: Int32, reason: String)

    public var description: String {
        switch self {
        case .nameNotResolved(let name, let reason):
            "the name \(name) is not known (\(reason)); check its spelling, or give the address instead"
        case .refused(let peer):
            "\(peer) refused the connection; check the port, and that the service is on"
        case .unreachable(let peer):
            "\(peer) cannot be reached; check that it is on, and in the same network"
        case .timedOut(let peer, let waitingFor):
            "\(peer) did not answer in time (\(waitingFor)); check that it is on, and the address"
        case .reset(let peer):
            "\(peer) broke the connection off; it may be restarting, or serving too many connections"
        case .ended(let peer, let missing):
            "\(peer) ended the connection while \(missing) more bytes were expected"
        case .closed(let peer):
            "the connection to \(peer) is closed"
        case .denied(let peer):
            "the sandbox does not allow to talk to \(peer); check the network permissions in the manifest"
        case .portTaken(let port):
            "port \(port) is in use by another program"
        case .system(let doing, let code, let reason):
            "\(doing) failed: \(reason) (errno \(code))"
        }
    }
}

extension SocketError: PluginErrorConvertible {
    /// Everything may pass by itself, except what the sandbox forbids.
    public var pluginError: PluginError {
        switch self {
        case .denied: .permanent(description)
        default: .retryable(description)
        }
    }
}
