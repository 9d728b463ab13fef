import Glibc

/// The processes of this machine, as `/proc` shows them.
package enum ProcessTable {
    package static func all() -> [Int32] {
        guard let directory = opendir("/proc") else { return [] }
        defer { closedir(directory) }
        var processes: [pid_t] = []
        while let entry = readdir(directory) {
            if let process = Int32(DirectoryEntry.name(entry)) { processes.append(process) }
        }
        return processes
    }

    /// The environment that a process was started with; empty if it is over, a zombie or another user's.
    package static func environment(of process: Int32) -> [String] {
        entries("/proc/\(process)/environ")
    }

    /// The command line of a process; empty if it is over.
    package static func arguments(of process: Int32) -> [String] {
        entries("/proc/\(process)/cmdline")
    }

    private static func entries(_ path: String) -> [String] {
        (TextFile.contents(path) ?? "").split(separator: "\0").map(String.init)
    }
}
