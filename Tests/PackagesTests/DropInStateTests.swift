import Glibc
import HostAPI
import Packages
import TestSupport
import Testing

@Suite struct DropInStateTests {
    @Test func aDirectoryIsWholeWhenItsEntryIs() throws {
        try PackageFixture.with("drop-directory") { fixture in
            let directory = try fixture.scratch.makeDirectory("lamp")
            #expect(DropInState.of(directory) == .incomplete("plugin.yaml is not there yet"))
            try TextFile.write("", to: "\(directory)/plugin.yaml")
            #expect(DropInState.of(directory) == .incomplete("plugin.yaml is empty"))
            try TextFile.write(PackageFixture.manifest, to: "\(directory)/plugin.yaml")
            #expect(DropInState.of(directory) == .incomplete("lamp.so is not there yet"))
            let code = try fixture.bytes(try SharedObject.path())
            for end in stride(from: 0, to: code.count, by: 97) {
                try fixture.write(Array(code[..<end]), "lamp/lamp.so")
                guard case .incomplete = DropInState.of(directory) else {
                    Issue.record("cut at \(end): \(DropInState.of(directory))")
                    continue
                }
            }
            try fixture.write(code, "lamp/lamp.so")
            #expect(DropInState.of(directory) == .whole)
            try fixture.write(Array("hello, world".utf8), "lamp/lamp.so")
            #expect(isBroken(DropInState.of(directory)))
            try fixture.write(code, "lamp/lamp.so")
            symlink("/", "\(directory)/root")
            #expect(isBroken(DropInState.of(directory)))
            unlink("\(directory)/root")
            try TextFile.write("id: x\n", to: "\(directory)/plugin.yaml")
            #expect(isBroken(DropInState.of(directory)))
        }
    }

    @Test func aManifestIsNotReadThroughALink() throws {
        try PackageFixture.with("drop-link") { fixture in
            let directory = try fixture.scratch.makeDirectory("lamp")
            for target in ["/etc/passwd", "/nowhere"] {
                symlink(target, "\(directory)/plugin.yaml")
                guard case .broken(let failure) = DropInState.of(directory) else {
                    Issue.record("\(target): \(DropInState.of(directory))")
                    continue
                }
                #expect(failure.description.contains("plugin.yaml is a symbolic link; put a copy of it into"))
                unlink("\(directory)/plugin.yaml")
            }
        }
    }

    @Test func aSharedObjectIsWholeWhenItsSectionsAre() throws {
        try PackageFixture.with("drop-so") { fixture in
            let so = "\(fixture.path)/lamp.so"
            try EmbeddedManifest.embed(Array(PackageFixture.manifest.utf8), into: try SharedObject.path(), output: so)
            let whole = try fixture.bytes(so)
            #expect(DropInState.of(so) == .whole)
            for end in Array(stride(from: 0, to: whole.count, by: 97)) + [whole.count - 1] {
                let path = try fixture.write(Array(whole[..<end]), "cut.so")
                guard case .incomplete = DropInState.of(path) else {
                    Issue.record("cut at \(end): \(DropInState.of(path))")
                    continue
                }
            }
            #expect(isBroken(DropInState.of(try SharedObject.path())))
        }
    }

    @Test func otherThingsAreBroken() throws {
        try PackageFixture.with("drop-other") { fixture in
            #expect(isBroken(DropInState.of(try fixture.write(Array("hello".utf8), "readme.txt"))))
            #expect(isBroken(DropInState.of("\(fixture.path)/none")))
            try Shell.run("mkfifo \(fixture.path)/pipe")
            #expect(isBroken(DropInState.of("\(fixture.path)/pipe")))
            #expect(DropInState.of(try fixture.write([], "new")) == .incomplete("it has only 0 bytes"))
        }
    }

    private func isBroken(_ state: DropInState) -> Bool {
        if case .broken = state { true } else { false }
    }
}
