import Glibc
import Synchronization

/// Collects a child once, so that its number is never used after another process may have got it.
final class Ending: Sendable {
    private let exit = Mutex<Program.Exit?>(nil)

    /// How the child ended, or nil while it runs.
    func collect(_ child: pid_t) -> Program.Exit? {
        exit.withLock { exit in
            if exit == nil { exit = Self.collected(child, WNOHANG) }
            return exit
        }
    }

    /// Waits for a child that has been killed.
    func await(_ child: pid_t) {
        exit.withLock { exit in
            if exit == nil { exit = Self.collected(child, 0) }
        }
    }

    func unlessEnded(_ body: () -> Void) {
        exit.withLock { if $0 == nil { body() } }
    }

    private static func collected(_ child: pid_t, _ options: Int32) -> Program.Exit? {
        var status: Int32 = 0
        while true {
            let result = waitpid(child, &status, options)
            if result == child { break }
            guard result < 0, errno == EINTR else { return nil }
        }
        return status & 0x7f == 0 ? .status(status >> 8 & 0xff) : .signal(status & 0x7f)
    }
}
