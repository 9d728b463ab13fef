/// The files of a new plugin that no template has: what builds it by itself. Pure.
enum GeneratedFiles {
    static func files(_ names: PluginNames, _ language: TemplateLanguage) -> [(name: String, text: String)] {
        switch language {
        case .c: []
        case .swift:
            [
                ("Package.swift", package(names)),
                ("Makefile", makefile(build: "swift build -c release", library: ".build/release/lib\(names.id).so")),
            ]
        case .rust:
            [
                (
                    "Makefile",
                    makefile(build: "cargo build --release", library: "target/release/lib\(names.underscored).so")
                )
            ]
        }
    }

    private static func makefile(build: String, library: String) -> String {
        """
        # Builds the package: a directory with the manifest and the .so beside it.
        #     make                        into ./package
        #     make PACKAGE=/some/where

        PACKAGE ?= package

        all:
        \t\(build)
        \t@mkdir -p $(PACKAGE)
        \tcp \(library) plugin.yaml $(PACKAGE)/

        .PHONY: all

        """
    }

    private static func package(_ names: PluginNames) -> String {
        """
        // swift-tools-version: 6.2
        import PackageDescription

        let package = Package(
            name: "\(names.id)",
            products: [.library(name: "\(names.id)", type: .dynamic, targets: ["\(names.type)Entry"])],
            targets: [
                .systemLibrary(name: "CLinux", path: "SystemLibraries/CLinux"),
                .target(name: "PluginAPI", path: "PluginAPI", exclude: ["PluginKit", "plugin.map"], sources: ["layout.c"]),
                .target(name: "PluginKit", dependencies: ["CLinux", "PluginAPI"], path: "PluginAPI/PluginKit"),
                .target(
                    name: "\(names.type)Entry",
                    dependencies: ["PluginAPI", "PluginKit"],
                    path: "Sources",
                    // It exports exactly one symbol and is never unmapped: Swift's runtime keeps pointers into it.
                    linkerSettings: [
                        .unsafeFlags([
                            "-Xlinker", "--version-script=\\(Context.packageDirectory)/PluginAPI/plugin.map",
                            "-Xlinker", "-z", "-Xlinker", "nodelete",
                            "-Xlinker", "-z", "-Xlinker", "defs",
                        ])
                    ]
                ),
            ],
            swiftLanguageModes: [.v6],
            cLanguageStandard: .c11
        )

        for target in package.targets where target.type != .system {
            target.swiftSettings = [
                .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("InternalImportsByDefault"),
                .enableUpcomingFeature("MemberImportVisibility"),
                .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
            ]
        }

        """
    }
}
