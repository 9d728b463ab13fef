import Glibc
import HostAPI
import Manifests
import Testing

@Suite struct PackageDirectoryTests {
    /// Runs `body` with an empty directory, which is removed afterwards.
    private func withDirectory(_ body: (String) throws -> Void) throws {
        var template = Array("/tmp/manifests-test-XXXXXX".utf8CString)
        let made = try #require(mkdtemp(&template))
        let directory = String(cString: made)
        defer {
            for name in ["plugin.yaml", "kasa.so", "real.so", "link"] { unlink("\(directory)/\(name)") }
            rmdir("\(directory)/kasa.so")
            rmdir(directory)
        }
        try body(directory)
    }

    private func write(_ bytes: [UInt8], to path: String) throws {
        let file = try #require(fopen(path, "w"))
        defer { fclose(file) }
        #expect(fwrite(bytes, 1, bytes.count, file) == bytes.count)
    }

    /// The start of an ELF file; the machine is this one unless said otherwise.
    private func elf(type: UInt8 = 3, machine: UInt8? = nil) -> [UInt8] {
        #if arch(arm64)
        let here: UInt8 = 183
        #else
        let here: UInt8 = 62
        #endif
        return [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, type, 0, machine ?? here, 0] + [0, 0]
    }

    private func failure(_ directory: String) -> PackageError? {
        do {
            _ = try PackageDirectory.read(directory)
            return nil
        } catch {
            return error
        }
    }

    @Test func readsAPackage() throws {
        try withDirectory { directory in
            try write(Array(minimal().utf8), to: "\(directory)/plugin.yaml")
            try write(elf(), to: "\(directory)/kasa.so")
            let package = try PackageDirectory.read(directory + "/.")
            #expect(package.manifest.id == PluginID("kasa"))
            #expect(package.directory == directory)
            #expect(package.entryPath == "\(directory)/kasa.so")
        }
    }

    @Test func followsALinkThatStaysInside() throws {
        try withDirectory { directory in
            try write(Array(minimal().utf8), to: "\(directory)/plugin.yaml")
            try write(elf(), to: "\(directory)/real.so")
            #expect(symlink("real.so", "\(directory)/kasa.so") == 0)
            #expect(try PackageDirectory.read(directory).entryPath == "\(directory)/real.so")
        }
    }

    @Test func saysThatThereIsNoManifest() throws {
        try withDirectory { directory in
            let error = failure(directory)
            #expect(error?.outcome == .badManifest)
            #expect(error?.description == "\(directory)/plugin.yaml cannot be read: it is not there")
            #expect(failure("\(directory)/none")?.description == "\(directory)/none cannot be read: it is not there")
        }
    }

    @Test func doesNotWaitForAManifestThatIsAFIFO() throws {
        try withDirectory { directory in
            #expect(mkfifo("\(directory)/plugin.yaml", 0o600) == 0)
            #expect(
                failure(directory)?.description == "\(directory)/plugin.yaml cannot be read: it is not a regular file"
            )
        }
    }

    @Test func readsNoManifestThroughALink() throws {
        try withDirectory { directory in
            let reason = "plugin.yaml is a symbolic link; put a copy of it into the package"
            for target in ["/etc/passwd", "real.so", "plugin.yaml"] {
                #expect(symlink(target, "\(directory)/plugin.yaml") == 0)
                #expect(failure(directory)?.description == "\(directory)/plugin.yaml cannot be read: \(reason)")
                #expect(failure(directory)?.outcome == .badManifest)
                unlink("\(directory)/plugin.yaml")
            }
        }
    }

    @Test func readsAPackageThroughALinkToItsDirectory() throws {
        try withDirectory { directory in
            try write(Array(minimal().utf8), to: "\(directory)/plugin.yaml")
            try write(elf(), to: "\(directory)/kasa.so")
            #expect(symlink(directory, "\(directory)/link") == 0)
            #expect(try PackageDirectory.read("\(directory)/link").directory == directory)
            #expect(try PackageDirectory.readManifest("\(directory)/link").id == PluginID("kasa"))
        }
    }

    @Test func passesTheManifestsMistakesOn() throws {
        try withDirectory { directory in
            try write(Array(minimal(without: "name").utf8), to: "\(directory)/plugin.yaml")
            #expect(failure(directory)?.outcome == .badManifest)
            #expect(failure(directory)?.description == "\(directory)/plugin.yaml:1:1: \"name\" is missing")
        }
    }

    @Test func refusesAManifestBeyondTheLimit() throws {
        try withDirectory { directory in
            let padding = String(repeating: "#", count: YAMLParser.sizeLimit)
            try write(Array((minimal() + padding).utf8), to: "\(directory)/plugin.yaml")
            #expect(failure(directory)?.description == "\(directory)/plugin.yaml:1:1: the file is larger than 1 MiB")
        }
    }

    @Test func namesWhatIsWrongWithTheEntryFile() throws {
        try withDirectory { directory in
            try write(Array(minimal().utf8), to: "\(directory)/plugin.yaml")
            let entry = "\(directory)/kasa.so"
            #expect(failure(directory) == .entryMissing(path: entry, reason: "it is not there"))
            #expect(failure(directory)?.outcome == .fileMissing)

            for bytes in [[], Array("#!/bin/sh\n".utf8), Array(elf().prefix(19))] {
                try write(bytes, to: entry)
                #expect(failure(directory)?.description == "\(entry) is not an ELF file")
            }
            #expect(failure(directory)?.outcome == .dlopenFailed)

            try write(elf(machine: 243), to: entry)
            #expect(
                failure(directory)?.description.hasPrefix("\(entry) is built for riscv64, this machine is ") == true
            )
            try write(elf(type: 2), to: entry)
            #expect(failure(directory) == .notSharedObject(path: entry))
            unlink(entry)

            #expect(mkdir(entry, 0o700) == 0)
            #expect(failure(directory) == .entryMissing(path: entry, reason: "it is not a regular file"))
            rmdir(entry)

            #expect(symlink("/bin/sh", entry) == 0)
            guard case .entryOutside? = failure(directory) else {
                Issue.record("a link out of the package was followed")
                return
            }
            unlink(entry)

            #expect(symlink("kasa.so", entry) == 0)
            #expect(failure(directory) == .entryMissing(path: entry, reason: "its symbolic links go round in circles"))
        }
    }
}
