import CLinux
import Glibc
import Synchronization

/// A child process, known by its pidfd, so that no signal can ever reach a stranger that was given the same number. One
/// that nobody keeps any more is ended.
final class SpawnedProcess: Sendable {
    let processID: pid_t
    /// Readable once the process has ended.
    let pidfd: Int32
    private let isReaped = Atomic(false)

    /// Starts `arguments[0]` as the leader of a process group of its own, with default signals.
    ///
    /// - Parameters:
    ///   - arguments: An absolute path and the arguments.
    ///   - environment: The whole environment, `NAME=value`.
    ///   - descriptors: What the child's descriptors 0, 1, 2, … shall be. The host's others are closed on exec.
    /// - Throws: `SystemError` if the process cannot be started.
    init(arguments: [String], environment: [String], descriptors: [Int32]) throws(SystemError) {
        // Out of the way of the numbers that they will have in the child.
        var sources: [Int32] = []
        defer { for source in sources { close(source) } }
        for descriptor in descriptors {
            sources.append(
                try SystemError.check("duplicate a descriptor") {
                    linux_duplicate(descriptor, Int32(descriptors.count))
                }
            )
        }

        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (target, source) in sources.enumerated() {
            posix_spawn_file_actions_adddup2(&actions, source, Int32(target))
        }

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setpgroup(&attributes, 0)
        let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK
        posix_spawnattr_setflags(&attributes, Int16(flags))

        var processID = pid_t()
        let status = withCStrings(arguments) { arguments -> Int32 in
            withCStrings(environment) { environment in
                guard let path = arguments[0] else { return ENOENT }
                return posix_spawn(&processID, path, &actions, &attributes, arguments, environment)
            }
        }
        guard status == 0 else { throw SystemError(operation: "start \(arguments[0])", number: status) }
        self.processID = processID
        do {
            pidfd = try SystemError.check("pidfd_open") { pidfd_open(processID, 0) }
        } catch {
            kill(-processID, SIGKILL)
            waitpid(processID, nil, 0)
            throw error
        }
    }

    deinit {
        guard !isReaped.load(ordering: .acquiring) else { return }
        killGroup()
        waitpid(processID, nil, 0)
        close(pidfd)
    }

    /// Sends a signal to the process alone; nothing happens if it has ended. On the reactor's thread, as `reap`.
    func signal(_ number: Int32) {
        guard !isReaped.load(ordering: .acquiring) else { return }
        pidfd_send_signal(pidfd, number, nil, 0)
    }

    /// Ends the process and everything in its group. Nothing happens once it is reaped: until then the number of the
    /// group cannot belong to anyone else.
    func killGroup() {
        guard !isReaped.load(ordering: .acquiring) else { return }
        kill(-processID, SIGKILL)
        signal(SIGKILL)
    }

    /// How the process ended, or nil while it runs. What is left of its group is killed first.
    func reap() -> ExitStatusOfProcess? {
        var pollDescriptor = pollfd(fd: pidfd, events: Int16(POLLIN), revents: 0)
        guard poll(&pollDescriptor, 1, 0) == 1 else { return nil }
        kill(-processID, SIGKILL)
        var exit = linux_exit()
        let result = linux_reap(pidfd, &exit)
        guard result != 0 else { return nil }
        isReaped.store(true, ordering: .releasing)
        close(pidfd)
        // Somebody else has collected it: how it ended is lost, but not that it has ended.
        guard result == 1 else { return .status(EX_OSERR) }
        return exit.is_signal == 1 ? .signal(exit.status) : .status(exit.status)
    }
}

/// How a process ended.
package enum ExitStatusOfProcess: Equatable, Sendable, CustomStringConvertible {
    case status(Int32)
    case signal(Int32)
    /// A thread of the host that does not end; only a restart of the host removes it.
    case abandoned

    package var description: String {
        switch self {
        case .status(let status): "exit status \(status)"
        case .abandoned: "its thread in hostd does not end"
        case .signal(let signal): "signal \(signal) (\(Self.name(ofSignal: signal)))"
        }
    }

    private static func name(ofSignal number: Int32) -> String {
        switch number {
        case SIGABRT: "SIGABRT: it gave up, often after a failed assertion"
        case SIGBUS: "SIGBUS: its file was changed or cut short under it, or a bad address"
        case SIGFPE: "SIGFPE: an arithmetic error"
        case SIGILL: "SIGILL: a trap, such as Swift's for an index out of range"
        case SIGKILL: "SIGKILL: killed, perhaps because memory ran out"
        case SIGSEGV: "SIGSEGV: it touched memory that is not its own"
        case SIGSYS: "SIGSYS: a forbidden system call"
        case SIGTERM: "SIGTERM: told to end"
        case SIGXCPU: "SIGXCPU: its CPU limit"
        default: String(cString: strsignal(number))
        }
    }
}

private func withCStrings<Result>(
    _ strings: [String],
    _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
) -> Result {
    let pointers: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) } + [nil]
    defer { for pointer in pointers { free(pointer) } }
    return body(pointers)
}
