import Glibc
import PluginKit

/// The devices that other people recorded, played by `Tests/Independent/recorded_devices.py` behind python-kasa's own
/// fakes, with what python-kasa's own client reads of each.
final class RecordedHome {
    struct Recording {
        let address: String
        let name: String
        /// As the script's `description` says.
        let expected: JSON
    }

    let recordings: [Recording]
    private let process: pid_t
    private let input: UnsafeMutablePointer<FILE>
    private let output: UnsafeMutablePointer<FILE>

    /// Whether `make test` has fetched what the script needs.
    static var isInstalled: Bool { access(python, X_OK) == 0 && access("\(environment)/python-kasa", F_OK) == 0 }

    private static let tests = "/" + #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
    private static var environment: String { getenv("HEARTH_VENV").map { String(cString: $0) } ?? "\(tests)/../.venv" }
    private static var python: String { "\(environment)/bin/python" }

    /// Starts the script; `network` is the first three numbers of the devices' addresses, on loopback.
    init(network: String) throws {
        let script = "\(Self.tests)/Independent/recorded_devices.py"
        (process, input, output) = try Self.spawn([Self.python, script, "--network", network])
        let description = try Self.line(of: output)
        recordings = (description["devices"].array ?? []).map { device in
            Recording(
                address: device["address"].text ?? "",
                name: device["fixture"].text ?? "",
                expected: device["expected"]
            )
        }
    }

    deinit {
        // The end of its input ends the script.
        fclose(input)
        fclose(output)
        var status: Int32 = 0
        waitpid(process, &status, 0)
    }

    /// A device as python-kasa reads it now.
    func state(of recording: Recording) throws -> JSON {
        fputs("state \(recording.address)\n", input)
        fflush(input)
        return try Self.line(of: output)
    }

    private static func line(of file: UnsafeMutablePointer<FILE>) throws -> JSON {
        var text: UnsafeMutablePointer<CChar>?
        var size = 0
        defer { free(text) }
        guard getline(&text, &size, file) > 0, let text else {
            throw NeverHappened(description: "recorded_devices.py ended; its standard error says why")
        }
        return try JSON(parsing: String(cString: text))
    }

    private static func spawn(
        _ arguments: [String]
    ) throws -> (pid_t, input: UnsafeMutablePointer<FILE>, output: UnsafeMutablePointer<FILE>) {
        var toScript: [Int32] = [0, 0]
        var fromScript: [Int32] = [0, 0]
        guard pipe(&toScript) == 0, pipe(&fromScript) == 0,
            let input = fdopen(toScript[1], "w"), let output = fdopen(fromScript[0], "r")
        else { throw NeverHappened(description: "there are no pipes to be had") }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, toScript[0], 0)
        posix_spawn_file_actions_adddup2(&actions, fromScript[1], 1)
        // The script must not hold on to the sockets of simulated homes that other tests run at the same time.
        for descriptor in 3..<Int32(1024) { posix_spawn_file_actions_addclose(&actions, descriptor) }
        let words = arguments.map { strdup($0) }
        defer { for word in words { free(word) } }
        var process: pid_t = 0
        let code = posix_spawn(&process, arguments[0], &actions, nil, words + [nil], environ)
        close(toScript[0])
        close(fromScript[1])
        guard code == 0 else { throw NeverHappened(description: "recorded_devices.py does not start: errno \(code)") }
        return (process, input, output)
    }
}
