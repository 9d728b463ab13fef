import Glibc
import HostAPI
import Packages
import TestSupport
import Testing

@Suite struct HostileArchiveTests {
    /// What is added to a package that is right, and a part of the sentence about it.
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var sentence: String
        var add: @Sendable (inout TarBytes) -> Void

        init(_ name: String, _ sentence: String, _ add: @escaping @Sendable (inout TarBytes) -> Void) {
            self.name = name
            self.sentence = sentence
            self.add = add
        }

        var testDescription: String { name }
    }

    static let cases: [Case] = [
        Case("symbolic link", "link in PACKAGE is a symbolic link to /etc/passwd; put a copy of the file in its place.")
        {
            $0.add("link", type: "2", link: "/etc/passwd")
        },
        Case("link, then a file through it", "is a symbolic link to ..") {
            $0.add("up", type: "2", link: "..")
            $0.add("up/escaped", content: [1])
        },
        Case("hard link", "again in PACKAGE is a hard link to plugin.yaml") {
            $0.add("again", type: "1", link: "plugin.yaml")
        },
        Case("parent", "../escaped in PACKAGE leads out of the package with \"..\"") {
            $0.add("../escaped", content: [1])
        },
        Case("parent inside", "leads out of the package") { $0.add("a/../../escaped", content: [1]) },
        Case("parent at the end", "leads out of the package") { $0.add("a/..", type: "5") },
        Case("absolute", "/tmp/escaped in PACKAGE is an absolute path") { $0.add("/tmp/escaped", content: [1]) },
        Case("no name", "has an entry without a name") { $0.add("", content: [1]) },
        Case("control character", "a\\u{7}b in PACKAGE has a control character in its name") { $0.add("a\u{7}b") },
        Case("right to left", "has a control character in its name") { $0.add("a\u{202E}os.b") },
        Case("newline", "a\\u{a}b in PACKAGE has a control character") { $0.add("a\nb") },
        Case("not UTF-8", "has a name that is not UTF-8") { $0.add([0x61, 0xFF, 0x62]) },
        Case("parent in an extended header", "../ü in PACKAGE leads out of the package") {
            $0.addPAX([("path", Array("../ü".utf8))])
            $0.add("x")
        },
        Case("parent before a NUL", ".. in PACKAGE leads out of the package") {
            $0.addPAX([("path", Array("..\u{0}x".utf8))])
            $0.add("x")
        },
        Case("not UTF-8 in an extended header", "has a name that is not UTF-8") {
            $0.addPAX([("path", [0x61, 0xFF, 0x62])])
            $0.add("x")
        },
        Case("empty part", "has an empty part in its path") { $0.add("a//b") },
        Case("dot inside", "has an empty part in its path") { $0.add("a/./b") },
        Case("file with a slash", "a/ in PACKAGE is a directory, but has content") { $0.add("a/", content: [1]) },
        Case("file that is the package", "has an empty part in its path") { $0.add(".") },
        Case("long name", "has a name of 256 bytes; at most 255 are allowed") {
            $0.addPAX([("path", [UInt8](repeating: 0x61, count: 256))])
            $0.add("x")
        },
        Case("long path", "has a path of 1025 bytes; at most 1024 are allowed") {
            $0.add("././@LongLink", type: "L", content: Array(String(repeating: "abcd/", count: 205).utf8) + [0])
            $0.add("x")
        },
        Case("setuid", "su in PACKAGE has the setuid, setgid or sticky bit") { $0.add("su", mode: 0o4755) },
        Case("setgid", "has the setuid, setgid or sticky bit") { $0.add("sg", mode: 0o2755) },
        Case("sticky directory", "has the setuid, setgid or sticky bit") { $0.add("t/", type: "5", mode: 0o1777) },
        Case("character device", "null in PACKAGE is a device") { $0.add("null", type: "3") },
        Case("block device", "is a device") { $0.add("sda", type: "4") },
        Case("named pipe", "pipe in PACKAGE is a named pipe") { $0.add("pipe", type: "6") },
        Case("unknown kind", "is of an unknown kind") { $0.add("m", type: "M") },
        Case("twice", "lamp.so in PACKAGE is there twice") { $0.add("lamp.so", content: [1]) },
        Case("twice with ./", "lamp.so in PACKAGE is there twice") { $0.add("./lamp.so", content: [1]) },
        Case("directory twice", "a in PACKAGE is there twice") {
            $0.add("a", type: "5")
            $0.add("./a/", type: "5")
        },
        Case("file and directory", "is there as a file and as a directory") { $0.add("lamp.so/", type: "5") },
        Case("directory and file", "is there as a file and as a directory") {
            $0.add("a/b")
            $0.add("a")
        },
        Case("file as a directory", "needs lamp.so to be a directory, but that is a file") { $0.add("lamp.so/x") },
        Case("directory with content", "is damaged") { $0.add("d/", type: "5", content: [1]) },
        Case("old directory with content", "is a directory, but has content") { $0.add("d/", type: "D", content: [1]) },
        Case("hidden link", "is a symbolic link") { $0.add(".git/hooks", type: "2", link: "/etc") },
        Case("too large", "unpacks to more than 512 MiB") { $0.add("big", size: 513 << 20) },
        Case("sizes that overflow", "unpacks to more than 512 MiB") {
            $0.add("one", content: [1])
            $0.add("big", size: Int.max - 1)
        },
        Case("size that overflows", "is damaged, or is not a tar archive: Tar entry size overflow") {
            $0.add("big", size: Int.max)
        },
        Case("size in an extended header", "unpacks to more than 512 MiB") {
            $0.addPAX([("size", Array("9223372036854775806".utf8))])
            $0.add("big")
        },
        Case("negative size", "Tar size attribute is negative") {
            $0.addPAX([("size", Array("-1".utf8))])
            $0.add("big")
        },
        Case("holes", "is stored as a file with holes") {
            $0.addPAX([("GNU.sparse.map", Array("0,1,50,1".utf8)), ("GNU.sparse.size", Array("99".utf8))])
            $0.add("holes", content: [1, 2])
        },
        Case("holes in a hidden file", "is stored as a file with holes") {
            $0.addPAX([("SUN.holesdata", Array(" 0 1 50".utf8)), ("SCHILY.realsize", Array("99".utf8))])
            $0.add(".holes", content: [1])
        },
        Case("larger than it is", "is damaged: a file in it is not as large as its entry says") {
            $0.addPAX([("SCHILY.realsize", Array("99".utf8))])
            $0.add("x", content: [1])
        },
        Case("smaller than it is", "is damaged: a file in it is not as large as its entry says") {
            $0.addPAX([("SCHILY.realsize", Array("1".utf8))])
            $0.add(".x", content: [1, 2])
        },
        Case("long extended header", "is damaged, or is not a tar archive: Special header too large") {
            $0.add("x", type: "x", content: [UInt8](repeating: 0x20, count: 1 << 20 + 1))
            $0.add("y")
        },
        Case("extended header that is none", "is damaged") {
            $0.add("x", type: "x", content: Array("99 path=short\n".utf8))
            $0.add("y")
        },
        Case("many extended headers", "is damaged, or is not a tar archive: Too many special headers") {
            for _ in 0..<40 { $0.add("volume", type: "V") }
            $0.add("x")
        },
        Case("extended header for nothing", "is damaged") {
            $0.addPAX([("path", Array("x".utf8))])
        },
    ]

    @Test(arguments: cases) func isRefusedBeforeAnythingIsTouched(_ hostile: Case) throws {
        try PackageFixture.with("hostile") { fixture in
            var tar = TarBytes.package()
            hostile.add(&tar)
            let archive = try fixture.makeArchive(tar.ended)
            let message = try fixture.refusal(archive)
            #expect(message.contains(hostile.sentence.replacing("PACKAGE", with: archive)), "\(message)")
        }
    }

    @Test func tooManyEntriesAreRefused() throws {
        try PackageFixture.with("entries") { fixture in
            try fixture.scratch.makeDirectory("many")
            try Shell.run(
                "cd \(fixture.path)/many && seq 1 100000 | xargs touch && tar czf ../many.tar.gz . && cd .. && rm -r many"
            )
            #expect(
                try fixture.refusal("\(fixture.path)/many.tar.gz").contains(
                    "holds more than 10000 files and directories"
                )
            )
        }
    }

    @Test(arguments: ["gnu", "posix"]) func aFileOfHolesIsRefused(format: String) throws {
        try PackageFixture.with("sparse") { fixture in
            try Shell.run(
                "cd \(fixture.path) && truncate -s 1T holes && tar --sparse --format=\(format) -czf s.tar.gz holes && rm holes"
            )
            let message = try fixture.refusal("\(fixture.path)/s.tar.gz")
            #expect(message.contains("is stored as a file with holes"), "\(message)")
        }
    }

    /// 10 GiB of zeros in 64 MiB of gzip: as a file, and behind the end.
    @Test(arguments: [true, false]) func aBombEndsEarly(isDeclared: Bool) throws {
        try PackageFixture.with("bomb") { fixture in
            let path = "\(fixture.path)/bomb.tar.gz"
            let file = try #require(fopen(path, "we"))
            // The tar header is stored as it is; then comes a block of matches: 258 zeros are 13 bits.
            var tar = TarBytes.package()
            if isDeclared { tar.add("zeros", size: 10 << 30) } else { tar.add("small") }
            let start = tar.bytes + (isDeclared ? [] : [UInt8](repeating: 0, count: 1024))
            let count = UInt16(start.count)
            var head: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 0]
            head += [UInt8(count & 255), UInt8(count >> 8), UInt8(~count & 255), UInt8(~count >> 8)] + start
            // Bits from the lowest: final, fixed codes, literal 0 (00110000), then 11000101 00000 again and again.
            var bits: [UInt8] = [1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0]
            for _ in 0..<8 { bits += [1, 1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0] }
            // From here on the pattern repeats every 8 matches, which are 13 bytes.
            func bytes(_ bits: [UInt8]) -> [UInt8] {
                stride(from: 0, to: bits.count / 8 * 8, by: 8).map { start in
                    (0..<8).reduce(UInt8(0)) { $0 | bits[start + $1] << UInt8($1) }
                }
            }
            var pattern: [UInt8] = []
            while pattern.count < 104 * 16 { pattern += bits[11...] }
            let first = bytes(bits[..<11] + pattern)
            let body = Array(first[2..<15])
            fwrite(head + first[..<2], 1, head.count + 2, file)
            let chunk = (0..<5000).flatMap { _ in body }
            for _ in 0..<1040 { fwrite(chunk, 1, chunk.count, file) }
            fclose(file)
            let limits = isDeclared ? PackageLimits() : PackageLimits(bytes: 1 << 20)
            let message = try fixture.refusal(path, limits: limits)
            #expect(
                message.contains("unpacks to more than \(isDeclared ? "512 MiB" : "a package may hold")"),
                "\(message)"
            )
        }
    }

    @Test func otherFormsAreNamed() throws {
        try PackageFixture.with("forms") { fixture in
            let directory = try fixture.makePackage()
            func message(_ path: String) -> String {
                do throws(Failure) {
                    _ = try PackageSource(path: path)
                    return "it is a package"
                } catch {
                    return error.message
                }
            }
            for (option, name) in [("J", "xz"), ("j", "bzip2"), ("-zstd", "zstd")] where option != "-zstd" {
                let path = "\(fixture.path)/other.tar.gz"
                try Shell.run("tar c\(option)f \(path) -C \(directory) .")
                #expect(message(path) == "\(path) is compressed with \(name), not with gzip.")
            }
            let plain = "\(fixture.path)/plain.tar.gz"
            try Shell.run("tar cf \(plain) -C \(directory) .")
            #expect(message(plain) == "\(plain) is a tar archive that is not compressed.")
            #expect(message(try fixture.write([0x50, 0x4B, 3, 4], "z")).contains("is compressed with zip"))
            #expect(message(try fixture.write([], "e")).hasSuffix("/e is empty."))
            #expect(message(try fixture.write(Array("hello".utf8), "h")).hasSuffix("/h is not a package."))
            #expect(message("\(fixture.path)/none").hasSuffix("/none: it is not there."))
            try Shell.run("mkfifo \(fixture.path)/pipe")
            #expect(message("\(fixture.path)/pipe").hasSuffix("/pipe is neither a directory nor a file."))
            #expect(
                message("\(directory)/lamp.so").hasSuffix("lamp.so carries no manifest: it has no section .hearth.")
            )
            // Compressed twice: what is inside of the first is no tar archive.
            let twice = "\(fixture.path)/twice.tar.gz"
            try Shell.run("tar czf - -C \(directory) . | gzip > \(twice)")
            #expect(try fixture.refusal(twice).contains("is not a tar archive"))
        }
    }
}
