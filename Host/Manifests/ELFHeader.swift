/// The first 20 bytes of an ELF file: enough to tell whether `dlopen` on this machine can want it. Numbers are from the
/// System V gABI, chapter "ELF Header".
struct ELFHeader: Equatable {
    static let size = 20

    var is64Bit: Bool
    var isLittleEndian: Bool
    var type: UInt16
    var machine: UInt16

    /// Nil if the bytes are not the start of an ELF file.
    init?(_ bytes: some Collection<UInt8>) {
        let bytes = Array(bytes.prefix(Self.size))
        guard bytes.count == Self.size, bytes.starts(with: [0x7F, 0x45, 0x4C, 0x46]) else { return nil }
        is64Bit = bytes[4] == 2
        isLittleEndian = bytes[5] == 1
        let low = isLittleEndian ? 0 : 1
        type = UInt16(bytes[16 + low]) | UInt16(bytes[17 - low]) << 8
        machine = UInt16(bytes[18 + low]) | UInt16(bytes[19 - low]) << 8
    }

    /// ET_DYN.
    var isSharedObject: Bool { type == 3 }

    /// "x86-64", "aarch64", or the number.
    var machineName: String {
        switch machine {
        case 3: "x86"
        case 40: "arm"
        case 62: is64Bit ? "x86-64" : "x32"
        case 183: is64Bit ? "aarch64" : "aarch64 (32-bit)"
        case 243: is64Bit ? "riscv64" : "riscv32"
        default: "machine \(machine)"
        }
    }

    /// The machine that this program was built for, named in the same way.
    static var thisMachine: String {
        #if arch(x86_64)
        "x86-64"
        #elseif arch(arm64)
        "aarch64"
        #elseif arch(arm)
        "arm"
        #elseif arch(riscv64)
        "riscv64"
        #else
        "unknown"
        #endif
    }
}
