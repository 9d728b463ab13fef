import Foundation

/// What the tests need to know of `plugin_api.h`: its structs, in a shape that C's grammar has for them.
struct Header {
    /// A member of a struct, with the comment in front of it.
    struct Member: Sendable {
        var comment: String
        var declaration: String
        /// "publish" of `hearth_status (*publish)(…)`, "value" of `double value`.
        var name: String
        var isFunction: Bool
    }

    struct Struct: Sendable {
        var name: String
        var members: [Member]
    }

    let text: String
    let structs: [Struct]

    init(_ text: String) {
        self.text = text
        structs = text.matches(
            of: /typedef struct (?<name>hearth_\w+) \{(?<body>[\s\S]*?)\n\} \k<name>;/
        )
        .map { Struct(name: String($0.name), members: Header.members(of: String($0.body))) }
    }

    /// The header in the work tree.
    static func read() throws -> Header { Header(try String(contentsOf: Tree.header, encoding: .utf8)) }

    private static func members(of body: String) -> [Member] {
        var members: [Member] = []
        var comment = ""
        var declaration = ""
        var depth = 0
        var rest = Substring(body)
        while let character = rest.first {
            if rest.hasPrefix("/*"), let end = rest.range(of: "*/") {
                // A comment behind a member on the same line belongs to what precedes; nobody asks for those.
                if declaration.allSatisfy(\.isWhitespace) { comment = String(rest[..<end.upperBound]) }
                rest = rest[end.upperBound...]
                continue
            }
            if character == "(" { depth += 1 }
            if character == ")" { depth -= 1 }
            if character == ";", depth == 0 {
                members.append(member(declaration, comment))
                declaration = ""
                comment = ""
            } else {
                declaration.append(character)
            }
            rest = rest.dropFirst()
        }
        return members
    }

    private static func member(_ declaration: String, _ comment: String) -> Member {
        let declaration = declaration.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        if let function = declaration.firstMatch(of: /\(\*\s*(?:HEARTH_\w+ )?(\w+)\)/) {
            return Member(comment: comment, declaration: declaration, name: String(function.1), isFunction: true)
        }
        let name = declaration.split { !($0.isLetter || $0.isNumber || $0 == "_") }.last ?? ""
        return Member(comment: comment, declaration: declaration, name: String(name), isFunction: false)
    }
}
