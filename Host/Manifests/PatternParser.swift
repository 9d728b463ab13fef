/// Parses the expressions that `Pattern` describes.
struct PatternParser {
    private let scalars: [Unicode.Scalar]
    private var position = 0
    private var depth = 0

    private let depthLimit = 50
    private let sizeLimit = 1_000
    private let countLimit = 1_000

    init(_ source: String) {
        scalars = Array(source.unicodeScalars)
    }

    mutating func parse() throws(PatternError) -> PatternNode {
        guard scalars.count <= sizeLimit else { throw failure("longer than \(sizeLimit) characters", at: sizeLimit) }
        let node = try choice()
        if peek == ")" { throw failure("a ) without its (") }
        return node
    }

    // MARK: Structure

    private mutating func choice() throws(PatternError) -> PatternNode {
        var branches = [try sequence()]
        while take("|") { branches.append(try sequence()) }
        return branches.count == 1 ? branches[0] : .choice(branches)
    }

    private mutating func sequence() throws(PatternError) -> PatternNode {
        var nodes: [PatternNode] = []
        while let next = peek, next != "|", next != ")" {
            let start = position
            let node = try atom()
            nodes.append(try quantified(node, from: start))
        }
        return nodes.count == 1 ? nodes[0] : .sequence(nodes)
    }

    private mutating func quantified(_ node: PatternNode, from start: Int) throws(PatternError) -> PatternNode {
        let bounds: (minimum: Int, maximum: Int?)
        switch peek {
        case "*": bounds = (0, nil)
        case "+": bounds = (1, nil)
        case "?": bounds = (0, 1)
        case "{": bounds = try counts()
        default: return node
        }
        if case .assertion = node { throw failure("nothing to repeat", at: start) }
        position += 1
        _ = take("?")  // Lazy or not makes no difference for a yes or no.
        if let next = peek, "*+?{".unicodeScalars.contains(next) { throw failure("nothing to repeat") }
        return .repetition(node, minimum: bounds.minimum, maximum: bounds.maximum)
    }

    /// Reads `{n,m` and leaves the closing brace.
    private mutating func counts() throws(PatternError) -> (minimum: Int, maximum: Int?) {
        let start = position
        position += 1
        let minimum = try count()
        guard take(",") else {
            guard peek == "}" else { throw failure("{ is not closed; a plain { is written \\{", at: start) }
            return (minimum, minimum)
        }
        let maximum = peek == "}" ? nil : try count()
        guard peek == "}" else { throw failure("{ is not closed; a plain { is written \\{", at: start) }
        if let maximum, maximum < minimum { throw failure("the counts are the wrong way round", at: start) }
        return (minimum, maximum)
    }

    private mutating func count() throws(PatternError) -> Int {
        var value: Int?
        while let next = peek, ("0"..."9").contains(next) {
            value = (value ?? 0) * 10 + Int(next.value - 0x30)
            position += 1
            guard let value, value <= countLimit else { throw failure("a count is at most \(countLimit)") }
        }
        guard let value else { throw failure("a number must stand here; a plain { is written \\{") }
        return value
    }

    private mutating func atom() throws(PatternError) -> PatternNode {
        let start = position
        let scalar = scalars[position]
        position += 1
        switch scalar {
        case "^": return .assertion(.start)
        case "$": return .assertion(.end)
        case ".": return .scalar(.notLineEnd)
        case "(": return try group(from: start)
        case "[": return .scalar(try set(from: start))
        case "\\": return try escape(from: start)
        case "*", "+", "?": throw failure("nothing to repeat", at: start)
        case "{", "}", "]": throw failure("a plain \(scalar) is written \\\(scalar)", at: start)
        default: return .scalar(ScalarSet(scalar))
        }
    }

    private mutating func group(from start: Int) throws(PatternError) -> PatternNode {
        depth += 1
        defer { depth -= 1 }
        guard depth <= depthLimit else { throw failure("nested deeper than \(depthLimit) levels", at: start) }
        if take("?"), !take(":") {
            throw failure("of the groups that begin with (? only (?:…) is supported", at: start)
        }
        let node = try choice()
        guard take(")") else { throw failure("a ( that is not closed", at: start) }
        return node
    }

    // MARK: Characters

    private mutating func escape(from start: Int) throws(PatternError) -> PatternNode {
        if take("b") { return .assertion(.wordBoundary) }
        if take("B") { return .assertion(.noWordBoundary) }
        return .scalar(try escapedSet(from: start))
    }

    /// What follows a backslash, outside and inside of brackets.
    private mutating func escapedSet(from start: Int) throws(PatternError) -> ScalarSet {
        guard let scalar = peek else { throw failure("nothing follows the backslash", at: start) }
        position += 1
        switch scalar {
        case "d": return .digit
        case "D": return .digit.inverted
        case "w": return .word
        case "W": return .word.inverted
        case "s": return .space
        case "S": return .space.inverted
        case "t": return ScalarSet("\t")
        case "n": return ScalarSet("\n")
        case "r": return ScalarSet("\r")
        case "f": return ScalarSet("\u{0C}")
        case "v": return ScalarSet("\u{0B}")
        case "x": return ScalarSet(try hexadecimal(digits: 2, from: start))
        case "u": return ScalarSet(try hexadecimal(digits: 4, from: start))
        default:
            let isPunctuation = "^$\\.*+?()[]{}|/-".unicodeScalars.contains(scalar)
            guard isPunctuation else { throw failure("\\\(scalar) is not supported", at: start) }
            return ScalarSet(scalar)
        }
    }

    private mutating func hexadecimal(digits: Int, from start: Int) throws(PatternError) -> Unicode.Scalar {
        let end = min(position + digits, scalars.count)
        let text = String(String.UnicodeScalarView(scalars[position..<end]))
        position = end
        let isDigits = text.utf8.count == digits && text.allSatisfy(\.isHexDigit)
        guard isDigits, let value = UInt32(text, radix: 16), let scalar = Unicode.Scalar(value) else {
            throw failure("\(digits) hexadecimal digits of a character must follow", at: start)
        }
        return scalar
    }

    private mutating func set(from start: Int) throws(PatternError) -> ScalarSet {
        let isInverted = take("^")
        var ranges: [ClosedRange<UInt32>] = []
        while true {
            guard peek != nil else { throw failure("a [ that is not closed", at: start) }
            if take("]") { return ScalarSet(ranges, isInverted: isInverted) }
            let itemStart = position
            let first = try setItem()
            let isRange = peek == "-" && position + 1 < scalars.count && scalars[position + 1] != "]"
            guard isRange else {
                ranges += first.flattened
                continue
            }
            position += 1
            guard let lower = first.single, let upper = try setItem().single, lower <= upper else {
                throw failure("a range must go from a character to a later one", at: itemStart)
            }
            ranges.append(lower...upper)
        }
    }

    private mutating func setItem() throws(PatternError) -> ScalarSet {
        let start = position
        guard let scalar = peek else { throw failure("a [ that is not closed", at: start) }
        position += 1
        return scalar == "\\" ? try escapedSet(from: start) : ScalarSet(scalar)
    }

    // MARK: Reading

    private var peek: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard peek == scalar else { return false }
        position += 1
        return true
    }

    private func failure(_ message: String, at index: Int? = nil) -> PatternError {
        PatternError(position: (index ?? position) + 1, message: message)
    }
}

extension ScalarSet {
    /// The one scalar that the set is made of.
    fileprivate var single: UInt32? {
        guard !isInverted, ranges.count == 1, ranges[0].count == 1 else { return nil }
        return ranges[0].lowerBound
    }
}
