import Glibc
import Links
import TestSupport
import Testing

/// What counts as a whole file.
struct ELFExtentTests {
    @Test func everyBeginningOfASharedObjectIsIncomplete() throws {
        let scratch = try ScratchDirectory(named: "elf")
        defer { scratch.remove() }
        let bytes = try TestELF.bytes()
        let path = "\(scratch.path)/x.so"
        let step = max(bytes.count / 50, 1)
        for count in Array(0..<70) + Array(stride(from: 70, to: bytes.count, by: step)) + [bytes.count - 1] {
            try TestELF.write(bytes.prefix(count), to: path)
            #expect(ELFExtent.state(of: path) == .incomplete, "\(count) of \(bytes.count) bytes")
        }
        try TestELF.write(bytes[...], to: path)
        #expect(ELFExtent.state(of: path) == .whole)
    }

    @Test func whatIsNoSharedObjectIsSaid() throws {
        let scratch = try ScratchDirectory(named: "noelf")
        defer { scratch.remove() }
        #expect(ELFExtent.state(of: "\(scratch.path)/nowhere") == .notELF)
        try TextFile.write("#!/bin/sh\n", to: "\(scratch.path)/x.so")
        #expect(ELFExtent.state(of: "\(scratch.path)/x.so") == .notELF)
        mkfifo("\(scratch.path)/pipe.so", 0o600)
        #expect(ELFExtent.state(of: "\(scratch.path)/pipe.so") == .notELF)
    }

    /// Every field of the header that says where something is, made as large as it goes.
    @Test func hostileHeadersAreNoTrap() throws {
        let scratch = try ScratchDirectory(named: "hostile")
        defer { scratch.remove() }
        let bytes = try TestELF.bytes()
        for offset in 4..<64 {
            var hostile = bytes
            hostile[offset] = 0xFF
            try TestELF.write(hostile[...], to: "\(scratch.path)/x.so")
            _ = ELFExtent.state(of: "\(scratch.path)/x.so")
            for index in 32..<64 { hostile[index] = 0xFF }
            try TestELF.write(hostile[...], to: "\(scratch.path)/x.so")
            #expect(ELFExtent.state(of: "\(scratch.path)/x.so") != .whole)
        }
    }
}
