import Glibc
import HostAPI
import Packages
import TestSupport
import Testing

@Suite struct DamagedArchiveTests {
    /// A tar archive that ends early, in a gzip file that does not. Between two entries that is nobody's damage: some
    /// programs leave the mark of the end out, and the gzip file says that all of it is there.
    @Test func isRefusedWhereverTheTarEndsInsideOfAnEntry() throws {
        try PackageFixture.with("cut-tar") { fixture in
            var tar = TarBytes()
            var boundaries: Set<Int> = []
            func add(_ body: (inout TarBytes) -> Void) {
                body(&tar)
                boundaries.insert(tar.bytes.count)
            }
            add { $0.add("plugin.yaml", content: Array(PackageFixture.manifest.utf8)) }
            add { $0.add("lamp.so", content: [0x7F, 0x45, 0x4C, 0x46]) }
            add { $0.add("data/", type: "5") }
            add {
                $0.addPAX([("path", Array("data/renamed".utf8))])
                $0.add("x", content: [UInt8](repeating: 0, count: 2000))
            }
            let whole = tar.ended
            boundaries.insert(tar.bytes.count + 512)
            let ends = Array(stride(from: 0, to: whole.count, by: 512)) + stride(from: 100, to: whole.count, by: 301)
            for end in ends where end <= tar.bytes.count || end % 512 == 0 {
                let archive = try fixture.makeArchive(Array(whole[..<end]))
                if boundaries.contains(end) {
                    #expect(DropInState.of(archive) == .whole, "\(end)")
                    continue
                }
                let message = try fixture.refusal(archive)
                #expect(message.contains("is damaged"), "\(end): \(message)")
                guard case .broken = DropInState.of(archive) else {
                    Issue.record("cut at \(end), but it is not broken: waiting does not help")
                    continue
                }
            }
        }
    }

    /// A copy that is still under way.
    @Test func isIncompleteWhereverTheGzipEnds() throws {
        try PackageFixture.with("cut-gzip") { fixture in
            let directory = try fixture.makePackage()
            try PackageArchive.pack(directory, to: "\(fixture.path)/whole.tar.gz")
            let whole = try fixture.bytes("\(fixture.path)/whole.tar.gz")
            #expect(DropInState.of("\(fixture.path)/whole.tar.gz") == .whole)
            for end in Array(stride(from: 0, to: whole.count, by: 97)) + (1...20).map({ whole.count - $0 }) {
                let path = try fixture.write(Array(whole[..<end]), "cut.tar.gz")
                _ = try fixture.refusal(path)
                guard case .incomplete = DropInState.of(path) else {
                    Issue.record("cut at \(end) of \(whole.count): \(DropInState.of(path))")
                    continue
                }
            }
        }
    }

    @Test func isNeverTakenForSomethingElse() throws {
        try PackageFixture.with("flip") { fixture in
            var tar = TarBytes.package()
            tar.add("data", content: (0..<3000).map { UInt8(truncatingIfNeeded: $0 &* 7) })
            let archive = try fixture.makeArchive(tar.ended)
            let whole = try fixture.bytes(archive)
            try PackageUnpacker.unpack(.archive(archive), to: "\(fixture.path)/right")
            // The header's flags and time say nothing about the content.
            for index in 10..<whole.count {
                var bytes = whole
                bytes[index] ^= 0x10
                let path = try fixture.write(bytes, "flipped.tar.gz")
                guard DropInState.of(path) == .whole else {
                    _ = try fixture.refusal(path)
                    continue
                }
                // Zeros from further back are the same zeros: what comes out must be right, byte for byte.
                try PackageUnpacker.unpack(.archive(path), to: "\(fixture.path)/out")
                try Shell.run("diff -r \(fixture.path)/out \(fixture.path)/right")
                try PackageFiles.removeTree("\(fixture.path)/out")
            }
        }
    }

    @Test func whatFollowsIsRefused() throws {
        try PackageFixture.with("trailing") { fixture in
            let archive = try fixture.makeArchive(TarBytes.package().ended)
            let whole = try fixture.bytes(archive)
            let garbage = try fixture.write(whole + Array("garbage".utf8), "garbage.tar.gz")
            #expect(try fixture.refusal(garbage).contains("something follows behind its end"))
            let zero = try fixture.write(whole + [0], "zero.tar.gz")
            #expect(try fixture.refusal(zero).contains("something follows behind its end"))
            let twice = try fixture.write(whole + whole, "twice.tar.gz")
            #expect(try fixture.refusal(twice).contains("something"))
            let inside = try fixture.makeArchive(TarBytes.package().ended + [1], "inside.tar.gz")
            #expect(try fixture.refusal(inside).contains("has something behind the end of the tar archive"))
            let padded = try fixture.makeArchive(
                TarBytes.package().ended + [UInt8](repeating: 0, count: 8192),
                "p.tar.gz"
            )
            try PackageUnpacker.unpack(.archive(padded), to: "\(fixture.path)/out")
        }
    }

    /// Thousands of archives with a few wrong bytes in the tar. None may crash, and none may reach outside.
    @Test func survivesMutations() throws {
        try PackageFixture.with("mutations") { fixture in
            var tar = TarBytes.package()
            tar.add("data/", type: "5")
            tar.addPAX([("path", Array("data/renamed".utf8)), ("size", Array("20".utf8))])
            tar.add("x", content: [UInt8](repeating: 7, count: 20))
            tar.add("././@LongLink", type: "L", content: Array("data/long".utf8) + [0])
            tar.add("y")
            var random = Mutation(seed: UInt64.random(in: 0...UInt64.max))
            print("mutations of tar: seed \(random.seed)")
            let before = try fixture.surroundings()
            for _ in 0..<2000 {
                var bytes = tar.ended
                random.mutate(&bytes)
                // Half of them with right checksums, so that more than the checksum is tried.
                if random.next() & 1 == 0 { Mutation.repairChecksums(&bytes) }
                try Stored.gzip(bytes, to: "\(fixture.path)/m.tar.gz")
                do throws(Failure) {
                    try PackageUnpacker.unpack(.archive("\(fixture.path)/m.tar.gz"), to: "\(fixture.path)/out")
                    try PackageFiles.removeTree("\(fixture.path)/out")
                } catch {
                    #expect(error.code == .invalidArgument, "\(error)")
                }
            }
            unlink("\(fixture.path)/m.tar.gz")
            #expect(access("\(fixture.path)/out", F_OK) != 0)
            #expect(try fixture.surroundings() == before)
        }
    }
}
