import Glibc
import HostAPI
import Packages
import TestSupport
import Testing

@Suite struct RoundTripTests {
    private let listing = """
        data d 755
        data/deep d 755
        data/deep/table.json f 644
        data/empty f 644
        data/run.sh f 755
        lamp.so f 755
        plugin.yaml f 644

        """

    @Test func aDirectoryIsCopiedWithoutWhatIsNotPartOfIt() throws {
        try PackageFixture.with("copy") { fixture in
            let directory = try fixture.makePackage()
            try Shell.run(
                "cd \(directory) && mkdir -p .git/objects .build target/debug data/target && touch .swp target/debug/x && ln -s / .git/root"
            )
            try Shell.run(
                "chmod 600 \(directory)/plugin.yaml && chmod 700 \(directory)/data && rmdir \(directory)/data/target"
            )
            // The directory itself may be a link.
            symlink("lamp", "\(fixture.path)/link")
            try PackageUnpacker.unpack(try PackageSource(path: "\(fixture.path)/link"), to: "\(fixture.path)/out")
            #expect(try fixture.listing("\(fixture.path)/out") == listing)
            try Shell.run("rm -rf \(directory)/.[a-z]* \(directory)/target && diff -r \(directory) \(fixture.path)/out")
        }
    }

    @Test(arguments: [
        "-C lamp .", "-C lamp plugin.yaml lamp.so data", "lamp", "./lamp", "--format=pax lamp", "--format=v7 lamp",
    ])
    func archivesOfGNUTarAreUnpacked(arguments: String) throws {
        try PackageFixture.with("gnutar") { fixture in
            try fixture.makePackage()
            try Shell.run(
                "cd \(fixture.path) && touch lamp/._plugin.yaml && tar czf p.tgz \(arguments) && rm lamp/._plugin.yaml"
            )
            var written: Int64 = 0
            try PackageUnpacker.unpack(try PackageSource(path: "\(fixture.path)/p.tgz"), to: "\(fixture.path)/out") {
                false
            } progress: {
                written = $0
            }
            #expect(try fixture.listing("\(fixture.path)/out") == listing)
            try Shell.run("cd \(fixture.path) && diff -r lamp out")
            #expect(written == (try PackageDigest.of(directory: "\(fixture.path)/lamp").byteCount))
        }
    }

    /// Names that look the same but are not are kept apart, whichever of the formats says them.
    @Test(arguments: ["gnu", "pax", "ustar"]) func namesArriveByteForByte(format: String) throws {
        try PackageFixture.with("names") { fixture in
            let directory = try fixture.makePackage()
            for name in ["\u{FC}", "u\u{308}", "\u{706F}.json", String(repeating: "\u{706F}", count: 30)] {
                try TextFile.write(name, to: "\(directory)/data/\(name)")
            }
            try Shell.run(
                "cd \(fixture.path) && tar czf p.tgz --format=\(format) -C lamp ."
            )
            try PackageUnpacker.unpack(.archive("\(fixture.path)/p.tgz"), to: "\(fixture.path)/out")
            try Shell.run("cd \(fixture.path) && diff -r lamp out")
        }
    }

    @Test(arguments: ["C", "C.UTF-8"]) func extendedHeadersNameFilesInEveryLanguage(locale: String) throws {
        let before = uselocale(try #require(newlocale(1 << LC_CTYPE, locale, nil)))
        defer { uselocale(before) }
        try PackageFixture.with("extended") { fixture in
            var tar = TarBytes.package()
            tar.addPAX([("path", Array("of-all".utf8)), ("comment", Array("from git".utf8))], type: "g")
            tar.add("own-name", content: [1])
            tar.addPAX([("path", Array("u\u{308}".utf8)), ("uname", Array("J\u{FC}rgen".utf8))])
            tar.add("x", content: [2])
            tar.addPAX([("hdrcharset", Array("BINARY".utf8)), ("path", Array("\u{FC}".utf8))])
            tar.add("x", content: [3])
            tar.addPAX([("gname", Array("\u{706F}".utf8))])
            tar.add("y", content: [4])
            // A name cannot hold a NUL. libarchive ends it there.
            tar.addPAX([("path", Array("short\u{0}long".utf8))])
            tar.add("x", content: [5])
            // Before there were directories in tar, a slash made one.
            tar.add("old/")
            try PackageUnpacker.unpack(.archive(try fixture.makeArchive(tar.ended)), to: "\(fixture.path)/out")
            try fixture.scratch.makeDirectory("right/old")
            for (name, byte) in [("own-name", 1), ("u\u{308}", 2), ("\u{FC}", 3), ("y", 4), ("short", 5)] {
                try fixture.write([UInt8(byte)], "right/\(name)")
            }
            try Shell.run("cd \(fixture.path) && rm out/plugin.yaml out/lamp.so && diff -r out right")
        }
    }

    @Test func oneDirectoryMayHoldItsOwnName() throws {
        try PackageFixture.with("wrapped") { fixture in
            try fixture.makePackage("lamp")
            try Shell.run("cd \(fixture.path) && mkdir -p lamp/lamp && echo x > lamp/lamp/x && tar czf p.tar.gz lamp")
            try PackageUnpacker.unpack(.archive("\(fixture.path)/p.tar.gz"), to: "\(fixture.path)/out")
            try Shell.run("cd \(fixture.path) && diff -r lamp out")
        }
    }

    @Test func packingIsReproducibleAndGNUTarReadsIt() throws {
        try PackageFixture.with("pack") { fixture in
            let directory = try fixture.makePackage()
            let long = String(repeating: "long-", count: 30) + "ü"
            try TextFile.write("x", to: "\(directory)/data/\(long)")
            let output = "\(fixture.path)/lamp.tar.gz"
            try PackageArchive.pack(directory, to: output)
            let first = try fixture.bytes(output)
            try Shell.run(
                "cp -r \(directory) \(fixture.path)/again && touch -d 2001-01-01 \(fixture.path)/again/lamp.so && mkdir \(fixture.path)/again/.git"
            )
            try PackageArchive.pack("\(fixture.path)/again", to: output)
            #expect(try fixture.bytes(output) == first)
            #expect(Array(first[3..<9]) == [0, 0, 0, 0, 0, 2], "no name and no time in the gzip header")
            let names = try Shell.run(
                "tar tzf \(output) | sort -u | wc -l; tar tzvf \(output) | awk '{print $2, $4}' | sort -u"
            )
            #expect(names == "8\n0/0 1970-01-01\n")
            try Shell.run("gzip -t \(output) && mkdir \(fixture.path)/gnu && tar xzf \(output) -C \(fixture.path)/gnu")
            try Shell.run("diff -r \(fixture.path)/gnu \(directory)")
            try PackageArchive.pack(directory, to: output, date: 1_000_000_000)
            #expect(try Shell.run("tar tzvf \(output) | awk '{print $4}' | sort -u") == "2001-09-09\n")
            try PackageUnpacker.unpack(.archive(output), to: "\(fixture.path)/out")
            try Shell.run("diff -r \(fixture.path)/out \(directory)")
            #expect(try Shell.run("ls \(fixture.path) | grep -c part || true") == "0\n")
        }
    }

    @Test func packingChecksThePackageFirst() throws {
        try PackageFixture.with("pack-bad") { fixture in
            let directory = try fixture.makePackage()
            symlink("/etc/passwd", "\(directory)/data/link")
            #expect(throws: Failure.self) { try PackageArchive.pack(directory, to: "\(fixture.path)/p.tar.gz") }
            unlink("\(directory)/data/link")
            try TextFile.write("manifest: 1\n", to: "\(directory)/plugin.yaml")
            #expect(throws: Failure.self) { try PackageArchive.pack(directory, to: "\(fixture.path)/p.tar.gz") }
            #expect(try Shell.run("ls \(fixture.path)") == "lamp\n")
        }
    }

    @Test func aPackageIsTheSameInAllThreeForms() throws {
        try PackageFixture.with("digest") { fixture in
            let so = "\(fixture.path)/single.so"
            try EmbeddedManifest.embed(Array(PackageFixture.manifest.utf8), into: try SharedObject.path(), output: so)
            let directory = try fixture.scratch.makeDirectory("lamp")
            try TextFile.write(PackageFixture.manifest, to: "\(directory)/plugin.yaml")
            try TextFile.copy(so, to: "\(directory)/lamp.so")
            chmod(so, 0o755)
            try PackageArchive.pack(directory, to: "\(fixture.path)/lamp.tar.gz")
            var digests: [PackageDigest] = []
            for (index, path) in [directory, "\(fixture.path)/lamp.tar.gz", so].enumerated() {
                try PackageUnpacker.unpack(try PackageSource(path: path), to: "\(fixture.path)/out\(index)")
                digests.append(try PackageDigest.of(directory: "\(fixture.path)/out\(index)"))
            }
            #expect(digests[0] == digests[1])
            #expect(digests[0] == digests[2])
            #expect(digests[0] == (try PackageDigest.of(directory: directory)))
            #expect(digests[0].fileCount == 2)
            #expect(digests[0].shortHash.count == 12)
            #expect(try Shell.run("sha256sum < \(so)").hasPrefix(digests[0].codeHash))
            // The hash as its description says, made by other programs.
            let byHand = try Shell.run(
                """
                cd \(directory); for f in lamp.so plugin.yaml; do
                if [ -x $f ]; then k=x; else k=-; fi
                printf '%s\\0%s%s %s\\n' $f $k $(stat -c %s $f) $(sha256sum < $f | cut -d' ' -f1); done | sha256sum
                """
            )
            #expect(byHand.hasPrefix(digests[0].packageHash))
            chmod("\(directory)/plugin.yaml", 0o755)
            #expect(try PackageDigest.of(directory: directory).packageHash != digests[0].packageHash)
        }
    }

    @Test func aDirectoryThatChangesIsNoticed() throws {
        try PackageFixture.with("changing") { fixture in
            let directory = try fixture.makePackage()
            for change in ["touch DIR/new", "echo more >> DIR/data/deep/table.json", "rm DIR/plugin.yaml"] {
                var isDone = false
                do throws(Failure) {
                    try PackageUnpacker.unpack(.directory(directory), to: "\(fixture.path)/out") {
                        false
                    } progress: { _ in
                        guard !isDone else { return }
                        isDone = true
                        _ = try? Shell.run(change.replacing("DIR", with: directory))
                    }
                    Issue.record("\(change) went unnoticed")
                } catch {
                    #expect(error.message.contains("changed while it was being copied") || error.code == .notFound)
                }
                #expect(access("\(fixture.path)/out", F_OK) != 0)
            }
        }
    }

    @Test func cancellingLeavesNothing() throws {
        try PackageFixture.with("cancel") { fixture in
            let directory = try fixture.makePackage()
            try PackageArchive.pack(directory, to: "\(fixture.path)/p.tar.gz")
            for source in [PackageSource.directory(directory), .archive("\(fixture.path)/p.tar.gz")] {
                for limit in 0..<8 {
                    var count = 0
                    do throws(Failure) {
                        try PackageUnpacker.unpack(source, to: "\(fixture.path)/out") {
                            count += 1
                            return count > limit
                        }
                        Issue.record("it was not stopped")
                    } catch {
                        #expect(error.code == .cancelled)
                    }
                    #expect(access("\(fixture.path)/out", F_OK) != 0)
                }
            }
        }
    }

    @Test func theDestinationMustBeNew() throws {
        try PackageFixture.with("there") { fixture in
            let directory = try fixture.makePackage()
            symlink("/tmp", "\(fixture.path)/link")
            for destination in [directory, "\(fixture.path)/link"] {
                do throws(Failure) {
                    try PackageUnpacker.unpack(.directory(directory), to: destination)
                    Issue.record("\(destination) was taken")
                } catch {
                    #expect(error.code == .conflict)
                }
            }
            #expect(access("\(directory)/plugin.yaml", F_OK) == 0)
        }
    }

    @Test(arguments: [
        ("ln -s /etc/passwd data/link", "data/link in PACKAGE is a symbolic link"),
        ("ln -s data again", "again in PACKAGE is a symbolic link"),
        ("mkfifo data/pipe", "is a named pipe"),
        ("mknod null c 1 3", "is a device"),
        ("chmod u+s lamp.so", "has the setuid, setgid or sticky bit"),
        ("chmod +t data", "has the setuid, setgid or sticky bit"),
        ("touch $'a\\nb'", "has a control character in its name"),
        ("touch $'\\xff'", "has a name that is not UTF-8"),
        ("truncate -s 1T hole", "holds more than 512 MiB"),
        ("mkdir many && cd many && seq 10000 | xargs touch", "holds more than 10000 files and directories"),
        ("for i in $(seq 250); do mkdir abcd; cd abcd; done", "has a path of"),
    ])
    func hostileDirectoriesAreRefused(command: String, sentence: String) throws {
        try PackageFixture.with("directory") { fixture in
            let directory = try fixture.makePackage()
            let quoted = command.replacing("'", with: "'\\''")
            try Shell.run("cd \(directory) && bash -c '\(quoted)'")
            let message = try fixture.refusal(directory)
            #expect(message.contains(sentence.replacing("PACKAGE", with: directory)), "\(message)")
        }
    }
}
