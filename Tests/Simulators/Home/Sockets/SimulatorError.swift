internal import Glibc
internal import NIOCore

/// Why the simulated home cannot do what was asked.
package enum SimulatorError: Error, CustomStringConvertible {
    case networkIsFull(IPv4Network)
    case addressIsTaken(IPv4Address)
    case addressIsOutside(String, IPv4Network)
    case noSuchDevice(String, known: [String])
    case noSuchFault(String)
    case portIsTaken(IPv4Address, Int, reason: String)
    case notRunning
    case badControlMessage(String)
    case controlIsTaken(String)
    /// The running home's own words.
    case refused(String)
    case system(String, errno: CInt)

    static func portIsTaken(_ address: IPv4Address, _ port: Int, because error: any Error) -> SimulatorError {
        let reason = (error as? IOError).map { String(cString: strerror($0.errnoCode)) } ?? "\(error)"
        return .portIsTaken(address, port, reason: reason)
    }

    package var description: String {
        switch self {
        case .networkIsFull(let network): "no address is left in \(network); give a larger network, such as a /16"
        case .addressIsTaken(let address): "\(address) belongs to another device of the home"
        case .addressIsOutside(let address, let network): "\(address) is no device's address in \(network)"
        case .noSuchDevice(let name, let known):
            "no device is called '\(name)'; there are: \(known.prefix(20).joined(separator: ", "))"
        case .noSuchFault(let name):
            "no fault is called '\(name)'; there are: \(Fault.names.joined(separator: ", "))"
        case .portIsTaken(let address, let port, let reason):
            "cannot listen on \(address):\(port) (\(reason)); is another home running there? Give another --network"
        case .notRunning: "no simulated home is running here; start one with 'homesim run'"
        case .badControlMessage(let text): "not understood: \(text)"
        case .controlIsTaken(let path): "another simulated home takes its orders at \(path); give another --control"
        case .refused(let reason): reason
        case .system(let action, let number): "cannot \(action): \(String(cString: strerror(number)))"
        }
    }
}
