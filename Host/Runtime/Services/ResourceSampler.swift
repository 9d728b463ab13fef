import Glibc
package import HostAPI

/// What a process costs, read from `/proc` when somebody asks.
package enum ResourceSampler {
    /// - Returns: Nil if the process has ended, or may not be looked at.
    package static func sample(_ processID: Int32, name: String, restarts: Int) -> ResourceUsage? {
        guard let rollup = read("/proc/\(processID)/smaps_rollup"),
            let stat = read("/proc/\(processID)/stat"),
            let times = CPUTimes(stat: stat)
        else { return nil }
        let memory = MemorySizes(rollup: rollup)
        return ResourceUsage(
            name: name,
            processID: processID,
            privateBytes: memory.privateBytes,
            proportionalBytes: memory.proportionalBytes,
            threads: times.threads,
            descriptors: count("/proc/\(processID)/fd"),
            cpuMilliseconds: times.ticks * 1_000 / Int64(sysconf(Int32(_SC_CLK_TCK))),
            restarts: restarts
        )
    }

    private static func read(_ path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 8_192)
        let count = Glibc.read(descriptor, &bytes, bytes.count)
        return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
    }

    private static func count(_ directory: String) -> Int {
        guard let handle = opendir(directory) else { return 0 }
        defer { closedir(handle) }
        var count = -2  // "." and ".."
        while readdir(handle) != nil { count += 1 }
        return max(0, count)
    }
}

/// The lines of `/proc/PID/smaps_rollup` that matter. Pure.
struct MemorySizes: Equatable {
    var privateBytes: Int64 = 0
    var proportionalBytes: Int64 = 0

    init(rollup: String) {
        for line in rollup.split(separator: "\n") {
            let fields = line.split(separator: " ")
            guard fields.count >= 2, let kilobytes = Int64(fields[1]) else { continue }
            switch fields[0] {
            case "Pss:": proportionalBytes = kilobytes * 1_024
            case "Private_Clean:", "Private_Dirty:": privateBytes += kilobytes * 1_024
            default: break
            }
        }
    }
}

/// The fields of `/proc/PID/stat` that matter (proc(5)). Pure.
struct CPUTimes: Equatable {
    /// User and system time, in clock ticks.
    let ticks: Int64
    let threads: Int

    /// Nil if the text is something else. The command's name, in parentheses, may itself contain spaces and parentheses.
    init?(stat: String) {
        guard let end = stat.lastIndex(of: ")") else { return nil }
        let fields = stat[stat.index(after: end)...].split(separator: " ")
        guard fields.count > 17, let user = Int64(fields[11]), let system = Int64(fields[12]),
            let threads = Int(fields[17])
        else { return nil }
        ticks = user + system
        self.threads = threads
    }
}
