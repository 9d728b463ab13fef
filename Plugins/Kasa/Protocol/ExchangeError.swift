import PluginKit

/// Why a device could not be asked, or what was wrong with its answer. After any of them the connection is closed.
enum ExchangeError: Error, Hashable {
    /// Nothing listens on the port.
    case refused
    /// There is no way to the address.
    case unreachable(String)
    /// The host name has no address.
    case nameNotResolved(String)
    /// No answer in time.
    case timedOut(after: Duration)
    /// The device closed the connection where its answer should have been.
    case closed
    /// The connection broke.
    case broken(String)
    /// Bytes that are no message of this protocol.
    case malformed(String)
    /// An answer to another question.
    case mismatched(asked: String)
    /// The device said no.
    case declined(DeviceRefusal)
    /// Another device answers at the address.
    case anotherDevice(name: String, id: String)
    /// The device speaks a newer protocol.
    case newerProtocol(String)
    /// Somebody no longer wants the answer.
    case cancelled
}

extension ExchangeError {
    /// Whether the same question may succeed a moment later.
    var isTransient: Bool {
        switch self {
        case .declined(let refusal): refusal.isTransient
        case .newerProtocol, .cancelled: false
        default: true
        }
    }

    /// Whether the device may have carried out what it was told, though nobody knows.
    var leavesStateUnknown: Bool {
        switch self {
        case .declined: false
        default: true
        }
    }
}

extension ExchangeError: CustomStringConvertible {
    /// What happened, and what to check.
    var description: String {
        switch self {
        case .refused:
            "connection refused: nothing listens on TCP port 9999; check that this is a Kasa device and that its "
                + "firmware still offers the local protocol"
        case .unreachable(let reason):
            "no route to the device (\(reason)); check that it has power and Wi-Fi, and that its address is on a "
                + "network that this machine can reach"
        case .nameNotResolved(let name):
            "the name “\(name)” has no address; check its spelling and the name server, or use the address itself"
        case .timedOut(let time):
            "no answer within \(time.inSeconds); check its power, its Wi-Fi signal, and that no firewall drops TCP port "
                + "9999"
        case .closed:
            "the device closed the connection without an answer; if this stays, unplug it for ten seconds"
        case .broken(let reason):
            "the connection broke (\(reason)); if this happens often, look at its Wi-Fi signal"
        case .malformed(let reason):
            "the answer is not of the Kasa protocol: \(reason); check that the address belongs to a Kasa device"
        case .mismatched(let asked):
            "the device answered something else than \(asked); the connection is made anew"
        case .declined(let refusal):
            refusal.description
        case .anotherDevice(let name, let id):
            "another device answers at this address: \(name) (\(id)); the device is being searched for, and a static "
                + "lease in the router would keep its address"
        case .newerProtocol(let name):
            "the device speaks the newer \(name) protocol, which is not supported yet"
        case .cancelled:
            "it was cancelled"
        }
    }
}

extension ExchangeError: PluginErrorConvertible {
    var pluginError: PluginError {
        switch self {
        case .declined, .newerProtocol: isTransient ? .retryable(description) : .permanent(description)
        default: .retryable(description)
        }
    }
}

extension Duration {
    /// `6 s`, `0.5 s`: for sentences.
    var inSeconds: String {
        let milliseconds = self / .milliseconds(1)
        let seconds = (milliseconds / 10).rounded() / 100
        return seconds == seconds.rounded() ? "\(Int(seconds)) s" : "\(seconds) s"
    }
}
