import Glibc

/// A program that runs, its output in files: nothing it writes can block it, and a test reads along as it likes.
package final class Program: Sendable {
    /// How a program ended.
    package enum Exit: Equatable, Sendable, CustomStringConvertible {
        case status(Int32)
        case signal(Int32)

        package var description: String {
            switch self {
            case .status(let status): "exit status \(status)"
            case .signal(let signal): "signal \(signal)"
            }
        }
    }

    /// The program could not be started, or did not end in time.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String

        package init(description: String) {
            self.description = description
        }
    }

    package let name: String
    package let processID: Int32
    private let outputPath: String
    private let errorPath: String
    private let ending = Ending()

    /// Starts it.
    ///
    /// - Parameters:
    ///   - path: Absolute.
    ///   - arguments: Without the program's name.
    ///   - environment: All of it.
    ///   - directory: Where the output files are kept.
    ///   - label: Names the output files: `label.out` and `label.err`.
    /// - Throws: If it cannot be started.
    package init(
        _ path: String,
        _ arguments: [String] = [],
        environment: [String: String] = [:],
        outputIn directory: String,
        label: String
    ) throws {
        name = "\(path.split(separator: "/").last ?? "") \(arguments.joined(separator: " "))"
        outputPath = "\(directory)/\(label).out"
        errorPath = "\(directory)/\(label).err"

        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        let creating = O_WRONLY | O_CREAT | O_APPEND
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, outputPath, creating, 0o600)
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, errorPath, creating, 0o600)
        // Sockets and files of tests that run beside this one.
        for descriptor in Int32(3)..<64 { posix_spawn_file_actions_addclose(&actions, descriptor) }

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        var all = sigset_t()
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

        let variables = environment.map { "\($0.key)=\($0.value)" }
        var processID: pid_t = 0
        let result = withCStrings([path] + arguments) { arguments in
            withCStrings(variables) { posix_spawn(&processID, path, &actions, &attributes, arguments, $0) }
        }
        guard result == 0 else { throw Failure(description: "\(path): \(String(cString: strerror(result)))") }
        self.processID = processID
    }

    /// What it has written on its standard output so far.
    package var output: String { TextFile.contents(outputPath) ?? "" }

    /// What it has written on its standard error so far.
    package var errors: String { TextFile.contents(errorPath) ?? "" }

    /// How it ended, or nil while it runs.
    package var exit: Exit? { ending.collect(processID) }

    /// Waits for its end.
    ///
    /// - Throws: If it runs longer; it is killed then.
    package func wait(within limit: Duration = .seconds(60)) async throws -> Exit {
        do {
            return try await eventually("the end of \(name)", within: limit) { exit }
        } catch {
            kill()
            throw error
        }
    }

    package func send(signal: Int32) {
        ending.unlessEnded { _ = Glibc.kill(processID, signal) }
    }

    /// Kills and collects it. Does nothing if it has ended.
    package func kill() {
        send(signal: SIGKILL)
        ending.await(processID)
    }
}

/// Lends an array of C strings that ends with a null pointer.
private func withCStrings<Result>(
    _ strings: [String],
    _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
    let pointers = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: strings.count + 1)
    for (index, string) in strings.enumerated() { pointers[index] = strdup(string) }
    pointers[strings.count] = nil
    defer {
        for index in strings.indices { free(pointers[index]) }
        pointers.deallocate()
    }
    return body(pointers)
}
