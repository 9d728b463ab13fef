import Glibc

/// An IPv4 or IPv6 address with a port. Names are resolved elsewhere: see ``TCPConnection/connect(to:port:within:)``.
public struct SocketAddress: Hashable, Sendable, CustomStringConvertible {
    /// The address in its usual notation, "192.168.1.20" or "fe80::1%eth0".
    public let ip: String
    /// 0 asks the system for any free port when binding.
    public let port: UInt16

    private enum Raw: Hashable {
        case v4(UInt32)
        case v6([UInt8], scope: UInt32)
    }
    private let raw: Raw

    /// Nothing if `ip` is not an address.
    public init?(ip: String, port: UInt16) {
        let parts = ip.split(separator: "%", maxSplits: 1)
        guard let literal = parts.first.map(String.init) else { return nil }
        var four = in_addr()
        var six = in6_addr()
        if parts.count == 1, inet_pton(AF_INET, literal, &four) == 1 {
            raw = .v4(four.s_addr)
        } else if inet_pton(AF_INET6, literal, &six) == 1 {
            let scope = parts.count == 2 ? if_nametoindex(String(parts[1])) : 0
            raw = .v6(withUnsafeBytes(of: &six) { Array($0) }, scope: scope)
        } else {
            return nil
        }
        self.ip = ip
        self.port = port
    }

    /// "192.168.1.20:9999", or "[fe80::1]:9999".
    public var description: String {
        switch raw {
        case .v4: "\(ip):\(port)"
        case .v6: "[\(ip)]:\(port)"
        }
    }

    var family: Int32 {
        switch raw {
        case .v4: AF_INET
        case .v6: AF_INET6
        }
    }

    /// Nothing if `pointer` is of another family.
    init?(_ pointer: UnsafePointer<sockaddr>) {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        switch Int32(pointer.pointee.sa_family) {
        case AF_INET:
            var address = UnsafeRawPointer(pointer).loadUnaligned(as: sockaddr_in.self)
            raw = .v4(address.sin_addr.s_addr)
            port = UInt16(bigEndian: address.sin_port)
            inet_ntop(AF_INET, &address.sin_addr, &text, socklen_t(text.count))
            ip = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        case AF_INET6:
            var address = UnsafeRawPointer(pointer).loadUnaligned(as: sockaddr_in6.self)
            raw = .v6(withUnsafeBytes(of: &address.sin6_addr) { Array($0) }, scope: address.sin6_scope_id)
            port = UInt16(bigEndian: address.sin6_port)
            inet_ntop(AF_INET6, &address.sin6_addr, &text, socklen_t(text.count))
            let literal = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            ip = address.sin6_scope_id == 0 ? literal : "\(literal)%\(SocketAddress.interface(address.sin6_scope_id))"
        default:
            return nil
        }
    }

    /// Calls `body` with the address as the system's calls take it.
    func withSocketAddress<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        var storage = sockaddr_storage()
        let size: Int
        switch raw {
        case .v4(let address):
            var four = sockaddr_in()
            four.sin_family = sa_family_t(AF_INET)
            four.sin_port = port.bigEndian
            four.sin_addr.s_addr = address
            size = MemoryLayout<sockaddr_in>.size
            withUnsafeMutableBytes(of: &storage) { $0.storeBytes(of: four, as: sockaddr_in.self) }
        case .v6(let bytes, let scope):
            var six = sockaddr_in6()
            six.sin6_family = sa_family_t(AF_INET6)
            six.sin6_port = port.bigEndian
            six.sin6_scope_id = scope
            withUnsafeMutableBytes(of: &six.sin6_addr) { $0.copyBytes(from: bytes) }
            size = MemoryLayout<sockaddr_in6>.size
            withUnsafeMutableBytes(of: &storage) { $0.storeBytes(of: six, as: sockaddr_in6.self) }
        }
        return withUnsafePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(size)) }
        }
    }

    /// Calls `body` with room for an address, and reads what it put there.
    static func reading(
        _ body: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int
    ) -> (result: Int, address: SocketAddress?) {
        var storage = sockaddr_storage()
        var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                let result = body(address, &size)
                return (result, result < 0 ? nil : SocketAddress(address))
            }
        }
    }

    private static func interface(_ index: UInt32) -> String {
        var name = [CChar](repeating: 0, count: Int(IF_NAMESIZE))
        guard if_indextoname(index, &name) != nil else { return String(index) }
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
