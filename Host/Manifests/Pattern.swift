/// A regular expression that answers yes or no in time proportional to the text, whatever the expression is.
///
/// Patterns come from plugins' manifests and are matched against what users type. A backtracking engine would let one
/// manifest hang the host (`(a+)+$`), so this one follows all possibilities at once (Thompson's construction).
///
/// The language is ECMA-262's with the `u` flag, as JSON Schema asks, without what needs memory of the past: literals,
/// `.`, `[a-z]`, `[^…]`, `\d \D \w \W \s \S \b \B`, `\t \n \r \f \v \xhh \uhhhh`, `( )`, `(?: )`, `|`, `^`, `$`,
/// `* + ? {n} {n,} {n,m}` and their lazy forms. Back references, lookaround, `\p{…}` and flags are refused.
package struct Pattern: Sendable, Equatable {
    /// The expression as it is written.
    package let source: String
    private let program: [PatternInstruction]

    /// A longer text matches nothing: an upper bound on the work of one match.
    package static let textLimit = 16_384

    /// - Throws: `PatternError` if `source` is not an expression of the language above or is too large.
    package init(_ source: String) throws(PatternError) {
        self.source = source
        var parser = PatternParser(source)
        var compiler = PatternCompiler()
        self.program = try compiler.compile(try parser.parse())
    }

    package static func == (left: Pattern, right: Pattern) -> Bool { left.source == right.source }

    /// Whether the expression matches somewhere in `text`, as JSON Schema's `pattern` means it.
    package func matches(_ text: String) -> Bool { run(text, isWhole: false) }

    /// Whether the expression matches all of `text`.
    package func matchesWhole(_ text: String) -> Bool { run(text, isWhole: true) }

    private func run(_ text: String, isWhole: Bool) -> Bool {
        let scalars = Array(text.unicodeScalars)
        guard scalars.count <= Self.textLimit else { return false }
        var current = PatternThreads(program: program)
        var next = PatternThreads(program: program)
        for position in 0...scalars.count {
            if position == 0 || !isWhole { current.add(0, at: position, in: scalars) }
            if current.hasMatched, !isWhole || position == scalars.count { return true }
            guard position < scalars.count else { return false }
            if current.isEmpty, isWhole { return false }
            current.step(over: scalars[position], at: position, in: scalars, into: &next)
            swap(&current, &next)
            next.removeAll()
        }
        return false
    }
}

/// The expression cannot be used: what is wrong, and at which character.
package struct PatternError: Error, Sendable, Equatable, CustomStringConvertible {
    /// From 1, in Unicode scalars of the expression.
    package var position: Int
    package var message: String

    package var description: String { "\(message) at character \(position)" }
}

/// The places of the program that the text read so far can have led to.
private struct PatternThreads {
    let program: [PatternInstruction]
    private var waiting: [Int] = []
    private var visited: [Bool]
    private var visits: [Int] = []
    private(set) var hasMatched = false

    var isEmpty: Bool { waiting.isEmpty }

    init(program: [PatternInstruction]) {
        self.program = program
        visited = Array(repeating: false, count: program.count)
    }

    mutating func removeAll() {
        waiting.removeAll(keepingCapacity: true)
        for place in visits { visited[place] = false }
        visits.removeAll(keepingCapacity: true)
        hasMatched = false
    }

    /// Adds the place and all that is reached from it without reading a character.
    mutating func add(_ start: Int, at position: Int, in text: [Unicode.Scalar]) {
        var pending = [start]
        while let place = pending.popLast() {
            guard !visited[place] else { continue }
            visited[place] = true
            visits.append(place)
            switch program[place] {
            case .scalar: waiting.append(place)
            case .match: hasMatched = true
            case .jump(let target): pending.append(target)
            case .split(let first, let second):
                pending.append(second)
                pending.append(first)
            case .assertion(let assertion):
                if assertion.holds(at: position, in: text) { pending.append(place + 1) }
            }
        }
    }

    func step(
        over scalar: Unicode.Scalar,
        at position: Int,
        in text: [Unicode.Scalar],
        into next: inout PatternThreads
    ) {
        for place in waiting {
            if case .scalar(let set) = program[place], set.contains(scalar) {
                next.add(place + 1, at: position + 1, in: text)
            }
        }
    }
}
