import Glibc
import HostAPI
import Links
import Manifests
import TestSupport
import Testing

/// Where the parts of a linked plugin are found.
struct LinkedPackageTests {
    @Test(arguments: [
        "kasa-plug.so", "libkasa-plug.so", ".build/debug/libkasa-plug.so", ".build/release/libkasa_plug.so",
        "target/debug/libkasa_plug.so", "target/release/kasa_plug.so", "build/kasa-plug.so",
        "builddir/libkasa-plug.so", "out/kasa-plug.so",
    ])
    func theCodeIsFoundWhereBuildsLeaveIt(_ relative: String) throws {
        let author = try AuthorDirectory()
        defer { author.remove() }
        let path = try author.write("code", to: relative)
        let linked = try LinkedPackage.resolve(author.path)
        #expect(linked.codePath == path)
        #expect(linked.manifestPath == "\(author.path)/plugin.yaml")
        #expect(linked.manifest.id.text == "kasa")
        #expect(linked.resourcesPath == nil)
    }

    @Test func theNewestIsUsedAndWhatLiesBesideBeforeAll() throws {
        let author = try AuthorDirectory()
        defer { author.remove() }
        try author.write("old", to: ".build/debug/libkasa-plug.so", secondsAgo: 60)
        let new = try author.write("new", to: ".build/release/libkasa-plug.so")
        try author.write("older", to: "target/debug/libkasa_plug.so", secondsAgo: 90)
        #expect(try LinkedPackage.resolve(author.path).codePath == new)
        let beside = try author.write("beside", to: "kasa-plug.so", secondsAgo: 600)
        #expect(try LinkedPackage.resolve(author.path).codePath == beside)
    }

    @Test func whatIsMissingIsNamed() throws {
        let author = try AuthorDirectory()
        defer { author.remove() }
        try author.scratch.makeDirectory("author/build/kasa-plug.so")
        let missing = #expect(throws: Failure.self) { try LinkedPackage.resolve(author.path) }
        #expect(
            missing?.message == """
                the code of kasa was not found: looked for kasa-plug.so, kasa_plug.so, libkasa-plug.so, \
                libkasa_plug.so in \(author.path) and, below it, in .build/debug, .build/release, target/debug, \
                target/release, build, builddir, out
                """
        )
        #expect(missing?.hint == "build the plugin first, or put kasa-plug.so beside plugin.yaml")
        unlink("\(author.path)/plugin.yaml")
        let noManifest = #expect(throws: Failure.self) { try LinkedPackage.resolve(author.path) }
        #expect(noManifest?.message.contains("\(author.path)/plugin.yaml") == true)
        #expect(throws: Failure.self) { try LinkedPackage.resolve("\(author.path)/nowhere") }
        #expect(throws: Failure.self) { try LinkedPackage.resolve("/etc/hostname") }
    }

    @Test func whatIsAssembledIsAPackageOfItsOwn() throws {
        let author = try AuthorDirectory()
        defer { author.remove() }
        let code = try author.write("code", to: ".build/debug/libkasa-plug.so")
        chmod(code, 0o755)
        try author.write("icon", to: "resources/icons/a.svg")
        try author.write("source", to: "Sources/main.swift")
        let target = "\(author.scratch.path)/assembled"
        try LinkedPackage.resolve(author.path).assemble(into: target)
        try run("cd '\(target)' && find . -type f | sort > '\(author.scratch.path)/list'")
        let files = TextFile.contents("\(author.scratch.path)/list")
        #expect(files == "./kasa-plug.so\n./plugin.yaml\n./resources/icons/a.svg\n")
        #expect(access("\(target)/kasa-plug.so", X_OK) == 0)
        // The next build writes into the author's file, and not into the package.
        try TextFile.write("other", to: code)
        #expect(TextFile.contents("\(target)/kasa-plug.so") == "code")
        #expect(throws: Failure.self) { try LinkedPackage.resolve(author.path).assemble(into: target) }
    }

    @Test func aLinkAmongTheResourcesIsRefused() throws {
        let author = try AuthorDirectory()
        defer { author.remove() }
        try author.write("code", to: "kasa-plug.so")
        try author.scratch.makeDirectory("author/resources")
        symlink("/etc/passwd", "\(author.path)/resources/x")
        let failure = #expect(throws: Failure.self) {
            try LinkedPackage.resolve(author.path).assemble(into: "\(author.scratch.path)/assembled")
        }
        #expect(failure?.message == "\(author.path)/resources/x is neither a file nor a directory")
    }
}
