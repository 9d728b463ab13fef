/// Tar archives as nobody should write them, byte by byte.
struct TarBytes {
    private(set) var bytes: [UInt8] = []

    /// A package that is right, to which something is added.
    static func package() -> TarBytes {
        var tar = TarBytes()
        tar.add("plugin.yaml", content: Array(PackageFixture.manifest.utf8))
        tar.add("lamp.so", content: [0x7F, 0x45, 0x4C, 0x46])
        return tar
    }

    mutating func add(
        _ name: String,
        type: Character = "0",
        mode: Int = 0o644,
        content: [UInt8] = [],
        link: String = "",
        size: Int? = nil
    ) {
        add(Array(name.utf8), type: type, mode: mode, content: content, link: link, size: size)
    }

    mutating func add(
        _ name: [UInt8],
        type: Character = "0",
        mode: Int = 0o644,
        content: [UInt8] = [],
        link: String = "",
        size: Int? = nil
    ) {
        var block = [UInt8](repeating: 0, count: 512)
        func put(_ bytes: some Sequence<UInt8>, at offset: Int) {
            for (index, byte) in bytes.enumerated() { block[offset + index] = byte }
        }
        func octal(_ value: Int, _ digits: Int) -> [UInt8] {
            let text = Array(String(value, radix: 8).utf8)
            return [UInt8](repeating: 0x30, count: digits - text.count) + text
        }
        put(name.prefix(100), at: 0)
        put(octal(mode, 7), at: 100)
        put(octal(0, 7), at: 108)
        put(octal(0, 7), at: 116)
        let size = size ?? content.count
        if size < 1 << 33 {
            put(octal(size, 11), at: 124)
        } else {
            put([0x80, 0, 0, 0] + (0..<8).reversed().map { UInt8(truncatingIfNeeded: size >> ($0 * 8)) }, at: 124)
        }
        put(octal(0, 11), at: 136)
        put([UInt8](repeating: 0x20, count: 8), at: 148)
        block[156] = type.asciiValue ?? 0
        put(link.utf8.prefix(100), at: 157)
        put("ustar\u{0}00".utf8, at: 257)
        put(octal(block.reduce(0) { $0 + Int($1) }, 6) + [0, 0x20], at: 148)
        bytes += block + content + [UInt8](repeating: 0, count: (512 - content.count % 512) % 512)
    }

    /// An extended header for what is added next.
    mutating func addPAX(_ records: [(String, [UInt8])], type: Character = "x") {
        var content: [UInt8] = []
        for (key, value) in records {
            let rest = Array(" \(key)=".utf8) + value + [0x0A]
            var length = rest.count + 1
            while String(length).utf8.count + rest.count != length { length = String(length).utf8.count + rest.count }
            content += Array(String(length).utf8) + rest
        }
        add("PaxHeaders/x", type: type, content: content)
    }

    /// With the end mark.
    var ended: [UInt8] { bytes + [UInt8](repeating: 0, count: 1024) }
}
