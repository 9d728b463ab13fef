import Glibc
import HostAPI
import Installation
import Packages
import Store
import Testing

/// A plugin in some state, and a change that begins there.
struct Situation: Sendable, CustomTestStringConvertible {
    let name: String
    let prepare: @Sendable (Bench) async throws -> Void
    let request: @Sendable (Bench) throws -> ChangeRequest
    /// The names of its tasks.
    let tasks: [String]

    var testDescription: String { name }

    static let packageTasks = [
        "unpack", "verify", "sync", "probe", "place", "commit", "switch", "observe", "retire",
    ]

    static let all: [Situation] = [
        Situation(
            name: "first install",
            prepare: { _ in },
            request: { ChangeRequest(kind: .install, source: try $0.packages.make("1.0.0")) },
            tasks: packageTasks
        ),
        Situation(
            name: "upgrade",
            prepare: { try await $0.install("1.0.0") },
            request: { ChangeRequest(kind: .install, source: try $0.packages.make("1.1.0")) },
            tasks: packageTasks
        ),
        Situation(
            name: "third version",
            prepare: { bench in
                try await bench.install("1.0.0")
                try await bench.install("1.1.0")
            },
            request: { ChangeRequest(kind: .install, source: try $0.packages.make("1.2.0")) },
            tasks: packageTasks
        ),
        Situation(
            name: "another build",
            prepare: { try await $0.install("1.0.0") },
            request: { ChangeRequest(kind: .install, source: try $0.packages.make("1.0.0", build: 2)) },
            tasks: packageTasks
        ),
        Situation(
            name: "upgrade from the registry",
            prepare: { bench in
                try await bench.install("1.0.0")
                bench.catalogue.add("kasa", "1.1.0", at: try bench.packages.make("1.1.0"))
            },
            request: { _ in ChangeRequest(kind: .upgrade, plugin: "kasa") },
            tasks: ["fetch"] + packageTasks
        ),
        Situation(
            name: "install after an uninstall",
            prepare: { bench in
                try await bench.install("1.0.0")
                try bench.database.saveSettings(.object(["a": .integer(1)]), ofPlugin: "kasa", author: "user")
                try await bench.uninstall()
            },
            request: { ChangeRequest(kind: .install, source: try $0.packages.make("1.0.0")) },
            tasks: packageTasks
        ),
        Situation(
            name: "repair of a damaged version",
            prepare: { bench in
                try await bench.install("1.0.0")
                try bench.damage("kasa")
            },
            request: { ChangeRequest(kind: .install, source: try $0.packages.make("1.0.0")) },
            tasks: packageTasks
        ),
        Situation(
            name: "rollback",
            prepare: { bench in
                try await bench.install("1.0.0")
                try await bench.install("1.1.0")
            },
            request: { _ in ChangeRequest(kind: .rollback, plugin: "kasa") },
            tasks: ["commit", "switch", "observe", "retire"]
        ),
        Situation(
            name: "uninstall",
            prepare: { bench in
                try await bench.install("1.0.0")
                try await bench.install("1.1.0")
                try bench.addData("kasa")
                bench.addCopy("kasa")
            },
            request: { _ in ChangeRequest(kind: .uninstall, plugin: "kasa") },
            tasks: ["commit", "stop", "remove", "sweep"]
        ),
        Situation(
            name: "uninstall with purge",
            prepare: { bench in
                try await bench.install("1.0.0")
                try bench.addData("kasa")
                bench.addCopy("kasa")
            },
            request: { _ in ChangeRequest(kind: .uninstall, plugin: "kasa", isPurge: true) },
            tasks: ["commit", "stop", "remove", "purge", "sweep"]
        ),
        Situation(
            name: "link",
            prepare: { try await $0.install("1.0.0") },
            request: { ChangeRequest(kind: .link, source: try $0.packages.make("1.1.0")) },
            tasks: packageTasks
        ),
        Situation(
            name: "adopt",
            prepare: { bench in
                try await bench.install("1.0.0", of: "hue")
                try bench.addStranger("kasa", "1.0.0")
            },
            request: { _ in ChangeRequest(kind: .adopt, plugin: "kasa") },
            tasks: ["commit", "switch"]
        ),
    ]
}

extension Bench {
    /// Changes the code of the active version, as a failing card does.
    func damage(_ plugin: String) throws {
        let directory = layout.directory(of: try #require(try database.installedPlugin(plugin)))
        try packages.write(Array("rubbish".utf8), to: "\(directory)/\(plugin).so")
    }

    func addData(_ plugin: String) throws {
        mkdir(layout.data(of: plugin), 0o755)
        try packages.write(Array("what it has learnt".utf8), to: "\(layout.data(of: plugin))/notes")
        try database.saveSettings(.object(["interval": .integer(5)]), ofPlugin: plugin, author: "user")
        try database.writePluginState([PluginStateChange(plugin: plugin, key: "token", value: "1")])
    }

    /// A copy in `plugins.d`.
    func addCopy(_ plugin: String) {
        copies.change { copies in
            copies.append(
                DropInRecord(
                    name: "\(plugin).tar.gz",
                    device: 1,
                    inode: 2,
                    born: 3,
                    packageHash: "",
                    plugin: plugin,
                    version: "1.0.0",
                    state: .installed,
                    seen: Timestamp(milliseconds: 0)
                )
            )
        }
    }

    /// A package in the store that the database knows nothing of.
    func addStranger(_ plugin: String, _ version: String) throws {
        let source = try packages.make(version, of: plugin)
        let digest = try PackageDigest.of(directory: source)
        mkdir(layout.store, 0o755)
        mkdir(layout.store(of: plugin), 0o755)
        let name = InstallationLayout.name(version: version, packageHash: digest.packageHash)
        try PackageUnpacker.unpack(.directory(source), to: "\(layout.store(of: plugin))/\(name)")
    }
}
