// swift-tools-version: 6.2
import PackageDescription

// A plugin exports exactly one symbol and is never unmapped: Swift's runtime keeps pointers into it.
let pluginLinkerSettings: [LinkerSetting] = [
    .unsafeFlags([
        "-Xlinker", "--version-script=\(Context.packageDirectory)/PluginAPI/plugin.map",
        "-Xlinker", "-z", "-Xlinker", "nodelete",
        "-Xlinker", "-z", "-Xlinker", "defs",
    ])
]

let package = Package(
    name: "hearth",
    products: [
        .executable(name: "hostd", targets: ["hostd"]),
        .executable(name: "hostctl", targets: ["hostctl"]),
        .executable(name: "hearth-plugin", targets: ["hearth-plugin"]),
        .executable(name: "hearth-worker", targets: ["hearth-worker"]),
        .executable(name: "homesim", targets: ["homesim"]),
        .library(name: "kasa", type: .dynamic, targets: ["KasaEntry"]),
        .library(name: "template-swift", type: .dynamic, targets: ["TemplateSwift"]),
        .library(name: "PluginKit", targets: ["PluginKit"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0", traits: []),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // MARK: The libraries of the system

        .systemLibrary(
            name: "CArchive",
            path: "SystemLibraries/CArchive",
            pkgConfig: "libarchive",
            providers: [.apt(["libarchive-dev"])]
        ),
        .systemLibrary(
            name: "CCurl",
            path: "SystemLibraries/CCurl",
            pkgConfig: "libcurl",
            providers: [.apt(["libcurl4-openssl-dev"])]
        ),
        .systemLibrary(name: "CLinux", path: "SystemLibraries/CLinux"),
        .systemLibrary(
            name: "CSeccomp",
            path: "SystemLibraries/CSeccomp",
            pkgConfig: "libseccomp",
            providers: [.apt(["libseccomp-dev"])]
        ),
        .systemLibrary(
            name: "CYAML",
            path: "SystemLibraries/CYAML",
            pkgConfig: "yaml-0.1",
            providers: [.apt(["libyaml-dev"])]
        ),

        // MARK: PluginAPI: the contract, and the Swift SDK on top of it

        .target(name: "PluginAPI", path: "PluginAPI", exclude: ["PluginKit", "plugin.map"], sources: ["layout.c"]),
        .target(name: "PluginKit", dependencies: ["CLinux", "PluginAPI"], path: "PluginAPI/PluginKit"),

        // MARK: Plugins

        .target(name: "Kasa", dependencies: ["CLinux", "PluginKit"], path: "Plugins/Kasa", exclude: ["Entry"]),
        .target(
            name: "KasaEntry",
            dependencies: ["Kasa", "PluginAPI", "PluginKit"],
            path: "Plugins/Kasa/Entry",
            linkerSettings: pluginLinkerSettings
        ),
        .target(
            name: "TemplateSwift",
            dependencies: ["PluginAPI", "PluginKit"],
            path: "Plugins/Templates/Swift",
            exclude: ["plugin.yaml"],
            linkerSettings: pluginLinkerSettings
        ),

        // MARK: Host, from the model up

        .target(name: "HostAPI", path: "Host/HostAPI"),
        .target(name: "Manifests", dependencies: ["CYAML", "HostAPI"], path: "Host/Manifests"),
        .target(
            name: "Store",
            dependencies: [
                "HostAPI",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ],
            path: "Host/Store"
        ),
        .target(
            name: "Packages",
            dependencies: [
                "CArchive", "CLinux", "HostAPI", "Manifests",
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            path: "Host/Packages"
        ),
        .target(
            name: "Registry",
            dependencies: [
                "CCurl", "HostAPI", "Manifests", "Packages", .product(name: "Crypto", package: "swift-crypto"),
            ],
            path: "Host/Registry"
        ),
        .target(
            name: "Installation",
            dependencies: ["CLinux", "HostAPI", "Manifests", "Packages", "Store"],
            path: "Host/Installation"
        ),
        .target(name: "Reconcile", dependencies: ["HostAPI"], path: "Host/Reconcile"),
        .target(name: "HomeFile", dependencies: ["HostAPI", "Manifests"], path: "Host/HomeFile"),
        .target(
            name: "DropIn",
            dependencies: ["CLinux", "HostAPI", "Manifests", "Packages"],
            path: "Host/DropIn"
        ),
        .target(name: "Links", dependencies: ["CLinux", "DropIn", "HostAPI", "Manifests"], path: "Host/Links"),
        .target(name: "Worker", dependencies: ["CSeccomp", "PluginAPI"], path: "Host/Worker"),
        .executableTarget(
            name: "hearth-worker",
            dependencies: ["Worker"],
            path: "Host/WorkerProgram",
            // The package manager links every program with Swift's runtime; this one must not carry it.
            linkerSettings: [.unsafeFlags(["-nostartfiles"])]
        ),
        .target(
            name: "Runtime",
            dependencies: [
                "CLinux", "DropIn", "HomeFile", "HostAPI", "Installation", "Links", "Manifests", "Packages",
                "Reconcile",
                "Registry", "Store", "Worker",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
            ],
            path: "Host/Runtime"
        ),
        .target(
            name: "Conformance",
            dependencies: ["CLinux", "HostAPI", "Manifests", "Runtime"],
            path: "Host/Conformance"
        ),
        .executableTarget(
            name: "hearth-plugin",
            dependencies: [
                "CLinux", "Conformance", "HostAPI", "Manifests", "Packages", "Runtime",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Host/PluginTool"
        ),
        .target(
            name: "Server",
            dependencies: [
                "HostAPI", "Reconcile",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            path: "Host/Server"
        ),
        .target(name: "Client", dependencies: ["CCurl", "HostAPI"], path: "Host/Client"),
        .executableTarget(
            name: "hostd",
            dependencies: [
                "HostAPI", "Manifests", "Runtime", "Server", "Store",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            path: "Host/Daemon"
        ),
        .target(
            name: "CommandLine",
            dependencies: [
                "Client", "HostAPI",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Host/CLI",
            exclude: ["Program"]
        ),
        .executableTarget(name: "hostctl", dependencies: ["CommandLine"], path: "Host/CLI/Program"),

        // MARK: Simulators

        .target(
            name: "HomeSimulator",
            dependencies: [
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            path: "Tests/Simulators/Home"
        ),
        .executableTarget(
            name: "homesim",
            dependencies: ["HomeSimulator", .product(name: "ArgumentParser", package: "swift-argument-parser")],
            path: "Tests/Simulators/Program"
        ),

        // What the crash points end and fail: Tests/CrashPoints/run drives it.
        .executableTarget(
            name: "crash-installer",
            dependencies: ["HostAPI", "Installation", "Manifests", "Store"],
            path: "Tests/CrashPoints/Installer"
        ),

        // MARK: Benchmarks

        .executableTarget(
            name: "hearth-bench",
            dependencies: [
                "HostAPI", "Runtime", "Store",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ],
            path: "Benchmarks/Sources/HearthBench"
        ),

        // MARK: Tests

        .target(name: "TestSupport", path: "Tests/Support"),
        .testTarget(name: "HostAPITests", dependencies: ["HostAPI"]),
        .testTarget(name: "PluginAPITests", dependencies: ["PluginAPI", "TestSupport"], exclude: ["Golden"]),
        .testTarget(name: "PluginKitTests", dependencies: ["PluginAPI", "PluginKit", "TestSupport"]),
        .testTarget(name: "ManifestsTests", dependencies: ["HostAPI", "Manifests", "TestSupport"]),
        .testTarget(
            name: "StoreTests",
            dependencies: ["HostAPI", "Store", "TestSupport", .product(name: "GRDB", package: "GRDB.swift")]
        ),
        .testTarget(
            name: "PackagesTests",
            dependencies: ["CArchive", "HostAPI", "Manifests", "Packages", "TestSupport"]
        ),
        .testTarget(
            name: "InstallationTests",
            dependencies: ["CLinux", "HostAPI", "Installation", "Manifests", "Packages", "Store", "TestSupport"]
        ),
        .testTarget(name: "ReconcileTests", dependencies: ["HostAPI", "Reconcile"]),
        .testTarget(
            name: "RegistryTests",
            dependencies: ["HostAPI", "Manifests", "Packages", "Registry", "TestSupport"]
        ),
        .testTarget(name: "HomeFileTests", dependencies: ["HomeFile", "HostAPI", "Manifests", "TestSupport"]),
        .testTarget(
            name: "DropInTests",
            dependencies: ["CLinux", "DropIn", "HostAPI", "Manifests", "Packages", "TestSupport"]
        ),
        .testTarget(name: "LinksTests", dependencies: ["DropIn", "HostAPI", "Links", "Manifests", "TestSupport"]),
        .testTarget(
            name: "ConformanceTests",
            dependencies: ["Conformance", "HostAPI", "Manifests", "Runtime", "TestSupport"]
        ),
        .testTarget(
            name: "RuntimeTests",
            dependencies: ["DropIn", "HostAPI", "Manifests", "Runtime", "Store", "TestSupport"]
        ),
        .testTarget(
            name: "ServerTests",
            dependencies: [
                "Client", "HostAPI", "Server", "TestSupport",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]
        ),
        .testTarget(name: "CommandLineTests", dependencies: ["Client", "CommandLine", "HostAPI", "TestSupport"]),
        .testTarget(
            name: "KasaTests",
            dependencies: ["HomeSimulator", "Kasa", "PluginAPI", "PluginKit", "TestSupport"]
        ),
        .testTarget(name: "SimulatorTests", dependencies: ["HomeSimulator", "TestSupport"]),
        .testTarget(
            name: "EndToEndTests",
            dependencies: ["HostAPI", "Client", "HomeSimulator", "TestSupport"]
        ),
    ],
    swiftLanguageModes: [.v6],
    cLanguageStandard: .c11
)

// One set of rules for every target of ours.
for target in package.targets where target.type != .system {
    target.swiftSettings = [
        .enableUpcomingFeature("ExistentialAny"),  // SE-0335
        .enableUpcomingFeature("ImmutableWeakCaptures"),  // SE-0481
        .enableUpcomingFeature("InferIsolatedConformances"),  // SE-0470
        .enableUpcomingFeature("InternalImportsByDefault"),  // SE-0409
        .enableUpcomingFeature("MemberImportVisibility"),  // SE-0444
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),  // SE-0461
        .treatAllWarnings(as: .error),
    ]
}
