/// JSON pointers (RFC 6901) as text. "" is the whole document.
package enum JSONPointer {
    /// The pointer to a member of what `pointer` names.
    package static func member(_ key: String, of pointer: String) -> String {
        guard key.utf8.contains(UInt8(ascii: "~")) || key.utf8.contains(UInt8(ascii: "/")) else {
            return "\(pointer)/\(key)"
        }
        var escaped = ""
        for scalar in key.unicodeScalars {
            switch scalar {
            case "~": escaped += "~0"
            case "/": escaped += "~1"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return "\(pointer)/\(escaped)"
    }

    /// The pointer to an element of the array that `pointer` names.
    static func element(_ index: Int, of pointer: String) -> String { "\(pointer)/\(index)" }
}
