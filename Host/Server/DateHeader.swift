package import Glibc

/// The `Date` header of an answer (RFC 9110, 6.6.1 and 5.6.7).
package enum DateHeader {
    /// `Sun, 06 Nov 1994 08:49:37 GMT`
    package static var now: String { text(of: time(nil)) }

    /// The header at that time, in seconds since 1970.
    package static func text(of seconds: time_t) -> String {
        var seconds = seconds
        var parts = tm()
        gmtime_r(&seconds, &parts)
        var text = [CChar](repeating: 0, count: 32)
        // English whatever the locale says: hostd never sets one.
        let size = strftime(&text, text.count, "%a, %d %b %Y %H:%M:%S GMT", &parts)
        return String(decoding: text.prefix(size).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
