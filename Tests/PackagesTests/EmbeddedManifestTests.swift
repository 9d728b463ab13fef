import Glibc
import HostAPI
import Packages
import TestSupport
import Testing

@Suite struct EmbeddedManifestTests {
    private let manifest = Array(PackageFixture.manifest.utf8)

    @Test func otherToolsFindIt() throws {
        try PackageFixture.with("embed") { fixture in
            let so = "\(fixture.path)/lamp.so"
            try EmbeddedManifest.embed(manifest, into: try SharedObject.path(), output: so)
            #expect(try EmbeddedManifest.read(so) == manifest)
            let sections = try Shell.run("readelf -SW \(so)")
            #expect(sections.contains(".hearth           PROGBITS        0000000000000000"), "\(sections)")
            #expect(!sections.contains("arning"))
            try Shell.run("readelf -aW \(so) | grep -qi 'error\\|warning' && exit 1; exit 0")
            try Shell.run(
                "objcopy -O binary --only-section=.hearth --set-section-flags .hearth=alloc \(so) \(fixture.path)/out.yaml"
            )
            #expect(try fixture.bytes("\(fixture.path)/out.yaml") == manifest)
            try expectLoads(so)
            // What strip leaves is still right.
            try Shell.run("strip --strip-unneeded \(so)")
            #expect(try EmbeddedManifest.read(so) == manifest)
            try expectLoads(so)
        }
    }

    @Test func embeddingAgainReplacesIt() throws {
        try PackageFixture.with("embed-again") { fixture in
            let so = "\(fixture.path)/lamp.so"
            try EmbeddedManifest.embed(manifest, into: try SharedObject.path(), output: so)
            let once = try fixture.bytes(so)
            try EmbeddedManifest.embed(manifest, into: so, output: so)
            #expect(try fixture.bytes(so) == once)
            let other = manifest + Array("author: Somebody\n".utf8)
            try EmbeddedManifest.embed(other, into: so, output: so)
            #expect(try EmbeddedManifest.read(so) == other)
            try EmbeddedManifest.embed(manifest, into: so, output: so)
            #expect(try fixture.bytes(so) == once)
            try expectLoads(so)
            #expect(try Shell.run("stat -c %a \(so)") == (try Shell.run("stat -c %a \(try SharedObject.path())")))
            #expect(try Shell.run("ls \(fixture.path)") == "lamp.so\n")
        }
    }

    @Test func readsWhatObjcopyMade() throws {
        try PackageFixture.with("objcopy") { fixture in
            let so = "\(fixture.path)/lamp.so"
            try fixture.write(manifest, "plugin.yaml")
            try Shell.run("objcopy --add-section .hearth=\(fixture.path)/plugin.yaml \(try SharedObject.path()) \(so)")
            #expect(try EmbeddedManifest.read(so) == manifest)
            #expect(try PackageSource(path: so) == .sharedObject(so))
            let other = manifest + Array("author: Somebody\n".utf8)
            try EmbeddedManifest.embed(other, into: so, output: so)
            #expect(try EmbeddedManifest.read(so) == other)
            try expectLoads(so)
        }
    }

    /// objcopy makes the same sections in all widths and byte orders.
    @Test(arguments: ["elf32-little", "elf32-big", "elf64-little", "elf64-big"])
    func readsBothWidthsAndByteOrders(target: String) throws {
        try PackageFixture.with("widths") { fixture in
            let object = "\(fixture.path)/o"
            try fixture.write(manifest, "plugin.yaml")
            try Shell.run(
                "cd \(fixture.path) && objcopy -I binary -O \(target) plugin.yaml o && objcopy -I \(target) -O \(target) --add-section .hearth=plugin.yaml o o"
            )
            #expect(try EmbeddedManifest.read(object) == manifest)
            let other = manifest + Array("author: Somebody\n".utf8)
            try EmbeddedManifest.embed(other, into: object, output: object)
            #expect(try EmbeddedManifest.read(object) == other)
            try Shell.run(
                "cd \(fixture.path) && objcopy -I \(target) -O binary --only-section=.hearth --set-section-flags .hearth=alloc o out"
            )
            #expect(try fixture.bytes("\(fixture.path)/out") == other)
        }
    }

    @Test func keepsWhatFollowsTheEnd() throws {
        try PackageFixture.with("tail") { fixture in
            let so = try fixture.write(try fixture.bytes(try SharedObject.path()) + Array("TAIL".utf8), "lamp.so")
            try EmbeddedManifest.embed(manifest, into: so, output: so)
            let before = try fixture.bytes(try SharedObject.path())
            #expect(try fixture.bytes(so)[before.count...].starts(with: Array("TAIL".utf8)))
            #expect(try EmbeddedManifest.read(so) == manifest)
        }
    }

    @Test func refusesABadManifest() throws {
        try PackageFixture.with("bad-manifest") { fixture in
            #expect(throws: Failure.self) {
                try EmbeddedManifest.embed(
                    Array("id: x".utf8),
                    into: try SharedObject.path(),
                    output: "\(fixture.path)/o"
                )
            }
            #expect(access("\(fixture.path)/o", F_OK) != 0)
            try fixture.write(Array("id: x".utf8), "bad.yaml")
            try Shell.run(
                "cd \(fixture.path) && objcopy --add-section .hearth=bad.yaml \(try SharedObject.path()) bad.so"
            )
            #expect(try fixture.refusal("\(fixture.path)/bad.so").contains("bad.so, section .hearth:1:1: "))
        }
    }

    /// Thousands of shared objects with a few wrong bytes in their headers.
    @Test func survivesMutations() throws {
        try PackageFixture.with("elf-mutations") { fixture in
            let so = "\(fixture.path)/lamp.so"
            try EmbeddedManifest.embed(manifest, into: try SharedObject.path(), output: so)
            let whole = try fixture.bytes(so)
            var random = Mutation(seed: UInt64.random(in: 0...UInt64.max))
            print("mutations of ELF: seed \(random.seed)")
            var refusals = 0
            for round in 0..<3000 {
                var bytes = whole
                let tables = [0..<64, 64..<600, bytes.count - 64 * 28..<bytes.count, bytes.count - 2200..<bytes.count]
                random.mutate(&bytes, within: tables[round % tables.count])
                let path = try fixture.write(bytes, "m.so")
                do throws(Failure) {
                    _ = try EmbeddedManifest.read(path)
                    try EmbeddedManifest.embed(manifest, into: path, output: path)
                    _ = try EmbeddedManifest.read(path)
                } catch {
                    refusals += 1
                    #expect(error.code == .invalidArgument, "\(error)")
                }
                _ = DropInState.of(path)
            }
            #expect(refusals > 300)
            #expect(try Shell.run("ls \(fixture.path)") == "lamp.so\nm.so\n")
        }
    }

    private func expectLoads(_ path: String) throws {
        let handle = try #require(dlopen(path, RTLD_NOW | RTLD_LOCAL), "\(String(cString: dlerror()))")
        defer { dlclose(handle) }
        let symbol = try #require(dlsym(handle, "lamp_answer"))
        let answer = unsafeBitCast(symbol, to: (@convention(c) () -> Int32).self)
        #expect(answer() == 42)
    }
}
