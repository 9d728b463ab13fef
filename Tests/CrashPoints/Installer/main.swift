internal import Glibc
internal import HostAPI
internal import Store

// What the crash tests end, fail and start again: one operation, or a recovery, on one root directory, with the host's own
// installer and database, and without the rest of the host.
//
// Exit status 0: it is done, or there was nothing to do; 1: it could not be done, and said why; 4: it was undone.

func end(_ status: Int32, _ message: String) -> Never {
    let text = "crash-installer: \(message)\n"
    _ = text.withCString { write(STDERR_FILENO, $0, text.utf8.count) }
    exit(status)
}

guard CommandLine.arguments.count >= 3 else { end(1, "usage: crash-installer ROOT OPERATION [ARGUMENT…]") }
let operation = Operation(
    root: CommandLine.arguments[1],
    name: CommandLine.arguments[2],
    arguments: Array(CommandLine.arguments.dropFirst(3))
)
do {
    try await operation.run()
} catch let failure as Failure {
    end(failure.code == .undone ? 4 : 1, failure.message)
} catch {
    end(1, "\(error)")
}
