internal import Glibc
internal import NIOCore

/// A port that swallows connection attempts: what a device without power looks like from afar.
///
/// The kernel drops the first packet of a connection while the queue of a listening socket is full. So this one has a
/// queue of one, fills it itself, and never accepts.
final class Powerless: Sendable {
    private let listener: CInt
    private let filler: CInt

    /// - Throws: `SimulatorError.system` when the port cannot be taken.
    init(address: IPv4Address, port: Int) throws {
        let name = try SocketAddress(ipAddress: address.description, port: port)
        listener = try Self.makeSocket()
        do throws(SimulatorError) {
            filler = try Self.makeSocket()
        } catch {
            close(listener)
            throw error
        }
        let isReady = name.withSockAddr { pointer, size -> Bool in
            let size = socklen_t(size)
            return bind(listener, pointer, size) == 0 && listen(listener, 0) == 0 && connect(filler, pointer, size) == 0
        }
        guard isReady else {
            let failure = SimulatorError.system("take port \(port) of \(address)", errno: errno)
            close(filler)
            close(listener)
            throw failure
        }
    }

    deinit {
        close(filler)
        close(listener)
    }

    private static func makeSocket() throws(SimulatorError) -> CInt {
        let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw .system("make a socket", errno: errno) }
        var yes: CInt = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<CInt>.size))
        return descriptor
    }
}
