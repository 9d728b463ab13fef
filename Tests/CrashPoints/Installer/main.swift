internal import Glibc
internal import HostAPI
internal import Store

// What the crash tests end, fail and start again: one operation, or a recovery, on one root directory, without the rest of
// the host. Exit status 0: it is done; 1: it said why it could not be done.

guard CommandLine.arguments.count >= 3 else {
    fail("usage: crash-installer ROOT OPERATION [ARGUMENT…]")
}
let root = CommandLine.arguments[1]
let operation = CommandLine.arguments[2]
let arguments = Array(CommandLine.arguments.dropFirst(3))

func fail(_ message: String) -> Never {
    let text = "crash-installer: \(message)\n"
    _ = text.withCString { write(STDERR_FILENO, $0, text.utf8.count) }
    exit(1)
}

/// A database as a host before this release made it.
let firstSchema = Schema(steps: Array(Schema.state.steps.prefix(1)))

do throws(StoreError) {
    let state = try StateDatabase(path: "\(root)/state.db", schema: operation == "old-host" ? firstSchema : .state)
    switch operation {
    case "open", "recover", "old-host": break
    case "settings":
        try state.saveSettings(.object(["greeting": .string(arguments[1])]), ofPlugin: arguments[0], author: "user")
    default: fail("there is no operation \(operation)")
    }
    try state.close()
} catch {
    fail("\(error)")
}
