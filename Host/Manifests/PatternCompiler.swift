/// One step of a compiled expression.
enum PatternInstruction {
    case scalar(ScalarSet)
    case assertion(PatternAssertion)
    case split(Int, Int)
    case jump(Int)
    case match
}

/// Turns a parsed expression into instructions.
struct PatternCompiler {
    private var program: [PatternInstruction] = []
    private var work = 0

    /// `((a{1000}){1000})` is small to write and large to run; this bounds both.
    private let limit = 3_000

    mutating func compile(_ node: PatternNode) throws(PatternError) -> [PatternInstruction] {
        try add(node)
        program.append(.match)
        return program
    }

    private mutating func add(_ node: PatternNode) throws(PatternError) {
        work += 1
        guard work <= limit, program.count <= limit else {
            throw PatternError(position: 1, message: "the expression is too large")
        }
        switch node {
        case .empty: break
        case .scalar(let set): program.append(.scalar(set))
        case .assertion(let assertion): program.append(.assertion(assertion))
        case .sequence(let nodes): for node in nodes { try add(node) }
        case .choice(let branches): try addChoice(branches)
        case .repetition(let node, let minimum, let maximum):
            for _ in 0..<minimum { try add(node) }
            if let maximum {
                for _ in minimum..<maximum { try addOptional(node, isLoop: false) }
            } else {
                try addOptional(node, isLoop: true)
            }
        }
    }

    private mutating func addChoice(_ branches: [PatternNode]) throws(PatternError) {
        var ends: [Int] = []
        for (index, branch) in branches.enumerated() {
            guard index < branches.count - 1 else {
                try add(branch)
                continue
            }
            let split = reserve()
            try add(branch)
            ends.append(reserve())
            program[split] = .split(split + 1, program.count)
        }
        for end in ends { program[end] = .jump(program.count) }
    }

    /// `node?`, or `node*` if it is a loop. `a?a?a?` is what `a{0,3}` comes to for a yes or no.
    private mutating func addOptional(_ node: PatternNode, isLoop: Bool) throws(PatternError) {
        let split = reserve()
        try add(node)
        if isLoop { program.append(.jump(split)) }
        program[split] = .split(split + 1, program.count)
    }

    private mutating func reserve() -> Int {
        program.append(.jump(0))
        return program.count - 1
    }
}
