import Glibc

/// What the system knows about a process at one moment.
struct ProcessFigures: Sendable, Equatable {
    var threads: Int
    /// What its descriptors lead to, sorted: `socket:[123]`.
    var descriptors: [String]
    /// Memory that it shares with nobody, in KiB.
    var privateKiB: Int
    /// Processor time that it has used, in milliseconds.
    var processorMilliseconds: Int
    /// Processes that it has started.
    var children: Int

    /// Nil once it has ended.
    init?(of process: Int32) {
        let directory = "/proc/\(process)"
        let threads = Self.names(in: "\(directory)/task")
        guard !threads.isEmpty, let rollup = FileBytes.text("\(directory)/smaps_rollup"),
            let stat = FileBytes.text("\(directory)/stat")
        else { return nil }
        self.threads = threads.count
        descriptors = Self.names(in: "\(directory)/fd").map { Self.target(of: "\(directory)/fd/\($0)") }.sorted()
        privateKiB = Self.sum(of: ["Private_Clean:", "Private_Dirty:"], in: rollup)
        processorMilliseconds = Self.processorMilliseconds(stat)
        children = threads.reduce(0) { sum, thread in
            sum + (FileBytes.text("\(directory)/task/\(thread)/children") ?? "").split(separator: " ").count
        }
    }

    private static func names(in directory: String) -> [String] {
        guard let stream = opendir(directory) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    private static func target(of link: String) -> String {
        var bytes = [UInt8](repeating: 0, count: 4_096)
        let count = bytes.withUnsafeMutableBytes { buffer -> Int in
            guard let start = buffer.baseAddress?.assumingMemoryBound(to: CChar.self) else { return -1 }
            return readlink(link, start, buffer.count)
        }
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }

    private static func sum(of names: [String], in rollup: String) -> Int {
        rollup.split(separator: "\n").reduce(0) { sum, line in
            let words = line.split(separator: " ")
            guard words.count >= 2, names.contains(String(words[0])) else { return sum }
            return sum + (Int(words[1]) ?? 0)
        }
    }

    /// Fields 14 and 15 of proc(5), counted behind the name, which may contain anything.
    private static func processorMilliseconds(_ stat: String) -> Int {
        guard let end = stat.lastIndex(of: ")") else { return 0 }
        let fields = stat[stat.index(after: end)...].split(separator: " ")
        guard fields.count > 12 else { return 0 }
        return ((Int(fields[11]) ?? 0) + (Int(fields[12]) ?? 0)) * 1_000 / max(1, sysconf(Int32(_SC_CLK_TCK)))
    }
}
