/// What a shared object tells the dynamic loader: its exported symbols, the libraries that it needs, and some flags. Read
/// from the file, nothing is loaded. Numbers are from the System V gABI and, for 64 bits, from elf(5).
package struct DynamicObject: Sendable, Equatable {
    /// A symbol that others can find.
    package struct Symbol: Sendable, Equatable {
        package var name: String
        package var isWeak: Bool
    }

    package var exports: [Symbol] = []
    package var needed: [String] = []
    /// Where it looks for them, as written: `$ORIGIN` is its own directory.
    package var runPath: [String] = []
    /// Its code must be changed to be loaded: it cannot be shared, and hardened systems refuse it.
    package var hasTextRelocations = false
    package var isNeverUnloaded = false
    package var hasExecutableStack = false

    /// Nil if the bytes are not a 64-bit little-endian ELF file with a dynamic section.
    package init?(_ bytes: [UInt8]) {
        guard let image = ELFImage(bytes), let dynamic = image.dynamicEntries else { return nil }
        hasExecutableStack = image.hasExecutableStack
        func value(_ tag: Tag) -> UInt64? { dynamic.first { $0.tag == tag.rawValue }?.value }
        guard let stringTable = value(.stringTable) else { return nil }
        func text(_ offset: UInt64) -> String? { image.text(at: stringTable &+ offset) }

        needed = dynamic.filter { $0.tag == Tag.needed.rawValue }.compactMap { text($0.value) }
        runPath = [Tag.runPath, .oldRunPath].compactMap(value).compactMap(text).flatMap {
            $0.split(separator: ":").map(String.init)
        }
        hasTextRelocations = value(.textRelocations) != nil || (value(.flags) ?? 0) & 4 != 0
        isNeverUnloaded = (value(.flags1) ?? 0) & 8 != 0
        if let symbols = value(.symbolTable) {
            let numbers =
                value(.gnuHash).map { image.symbolNumbers(inGNUHash: $0) }
                ?? value(.hash).map { image.symbolNumbers(inHash: $0) } ?? []
            exports = numbers.compactMap { image.exportedSymbol($0, table: symbols, text: text) }
                .sorted { $0.name < $1.name }
        }
    }

    private enum Tag: UInt64 {
        case needed = 1
        case hash = 4
        case stringTable = 5
        case symbolTable = 6
        case oldRunPath = 15
        case textRelocations = 22
        case runPath = 29
        case flags = 30
        case gnuHash = 0x6fff_fef5
        case flags1 = 0x6fff_fffb
    }
}
