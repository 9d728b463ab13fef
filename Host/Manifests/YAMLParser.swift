/// Reads one YAML document into a tree with source marks.
///
/// Refused: more than 1 MiB, text that is not UTF-8, a second document, nesting deeper than 64, anchors and aliases,
/// keys that are not scalars, keys that appear twice, and tags outside YAML's core schema.
package enum YAMLParser {
    package static let sizeLimit = 1 << 20
    package static let depthLimit = 64

    /// Parses `bytes`.
    ///
    /// - Parameters:
    ///   - bytes: the text in UTF-8.
    ///   - file: the name for messages.
    /// - Returns: the document; null if there is none.
    /// - Throws: `ManifestError` with everything that is wrong.
    package static func parse(_ bytes: [UInt8], file: String) throws(ManifestError) -> YAMLNode {
        let report = ProblemReport()
        let node = parse(bytes, report: report)
        guard let node, report.isEmpty else { throw report.error(file: file) }
        return node
    }

    /// As much of the tree as can be trusted; nil if the syntax is broken, which is then in the report.
    package static func parse(_ bytes: [UInt8], report: ProblemReport, limit: Int = sizeLimit) -> YAMLNode? {
        // The mark would count as a column.
        let bytes = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
        do throws(YAMLSyntaxError) {
            guard bytes.count <= limit else {
                throw YAMLSyntaxError(at: .start, "the file is larger than \(limit >> 20) MiB")
            }
            if let offset = firstInvalidByte(of: bytes) {
                throw YAMLSyntaxError(at: mark(of: offset, in: bytes), "the file is not UTF-8 text")
            }
            return try bytes.withUnsafeBufferPointer { buffer throws(YAMLSyntaxError) in
                let builder = YAMLTreeBuilder(events: YAMLEvents(buffer), report: report)
                return try builder.document()
            }
        } catch {
            report.add(.init(at: error.mark, path: "", message: error.message))
            return nil
        }
    }

    private static func firstInvalidByte(of bytes: ArraySlice<UInt8>) -> Int? {
        var parser = UTF8.ForwardParser()
        var iterator = bytes.makeIterator()
        var offset = 0
        while true {
            switch parser.parseScalar(from: &iterator) {
            case .valid(let scalar): offset += scalar.count
            case .emptyInput: return nil
            case .error: return offset
            }
        }
    }

    static func mark(of offset: Int, in bytes: some Collection<UInt8>) -> SourceMark {
        let before = String(decoding: bytes.prefix(offset), as: UTF8.self).unicodeScalars
        let lines = before.split(separator: "\n", omittingEmptySubsequences: false)
        return SourceMark(line: lines.count, column: (lines.last?.count ?? 0) + 1)
    }
}
