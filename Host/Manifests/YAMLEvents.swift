import CYAML

/// libyaml's events, copied into Swift. The only file that touches libyaml.
final class YAMLEvents {
    enum Event {
        case streamStart
        case streamEnd
        case documentStart
        case documentEnd
        case alias
        case scalar(text: String, isPlain: Bool, Properties)
        case sequenceStart(Properties)
        case sequenceEnd
        case mappingStart(Properties)
        case mappingEnd
    }

    struct Properties {
        var tag: String?
        var hasAnchor: Bool
    }

    private let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
    private let input: UnsafeBufferPointer<UInt8>
    private var isInitialized = false

    /// - Parameter input: must outlive this object.
    init(_ input: UnsafeBufferPointer<UInt8>) {
        self.input = input
        isInitialized = yaml_parser_initialize(parser) == 1
        guard isInitialized else { return }
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, input.baseAddress, input.count)
    }

    deinit {
        if isInitialized { yaml_parser_delete(parser) }
        parser.deallocate()
    }

    func next() throws(YAMLSyntaxError) -> (event: Event, mark: SourceMark) {
        guard isInitialized else { throw YAMLSyntaxError(at: .start, "the file cannot be read: out of memory") }
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else { throw failure }
        defer { yaml_event_delete(&event) }
        return (copy(event), SourceMark(event.start_mark))
    }

    private func copy(_ event: yaml_event_t) -> Event {
        switch event.type {
        case YAML_DOCUMENT_START_EVENT: return .documentStart
        case YAML_DOCUMENT_END_EVENT: return .documentEnd
        case YAML_ALIAS_EVENT: return .alias
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            let bytes = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
            return .scalar(
                text: String(decoding: bytes, as: UTF8.self),
                isPlain: scalar.style == YAML_PLAIN_SCALAR_STYLE,
                Properties(tag: text(scalar.tag), hasAnchor: scalar.anchor != nil)
            )
        case YAML_SEQUENCE_START_EVENT:
            let start = event.data.sequence_start
            return .sequenceStart(Properties(tag: text(start.tag), hasAnchor: start.anchor != nil))
        case YAML_SEQUENCE_END_EVENT: return .sequenceEnd
        case YAML_MAPPING_START_EVENT:
            let start = event.data.mapping_start
            return .mappingStart(Properties(tag: text(start.tag), hasAnchor: start.anchor != nil))
        case YAML_MAPPING_END_EVENT: return .mappingEnd
        case YAML_STREAM_START_EVENT: return .streamStart
        default: return .streamEnd
        }
    }

    private func text(_ pointer: UnsafeMutablePointer<UInt8>?) -> String? {
        pointer.map { String(cString: $0) }
    }

    private var failure: YAMLSyntaxError {
        let state = parser.pointee
        let problem = state.problem.map { String(cString: $0) } ?? "it cannot be read"
        if state.error == YAML_READER_ERROR {
            return YAMLSyntaxError(
                at: YAMLParser.mark(of: state.problem_offset, in: input),
                "not valid YAML: \(problem)"
            )
        }
        let mark = SourceMark(state.problem_mark)
        let index = state.problem_mark.index
        // libyaml counts scalars, so the byte at that index is the offender only as long as all before it is ASCII.
        if index < input.count, input[index] == UInt8(ascii: "\t") {
            return YAMLSyntaxError(at: mark, "not valid YAML: a tab cannot indent; use spaces")
        }
        let context = state.context.map { " \(String(cString: $0))" } ?? ""
        let since = state.context == nil ? "" : ", which began in line \(state.context_mark.line + 1)"
        return YAMLSyntaxError(at: mark, "not valid YAML: \(problem)\(context)\(since)")
    }
}

extension SourceMark {
    fileprivate init(_ mark: yaml_mark_t) {
        self.init(line: Int(mark.line) + 1, column: Int(mark.column) + 1)
    }
}

/// The text is not YAML, or not the YAML that is accepted: nothing after this place can be trusted.
struct YAMLSyntaxError: Error {
    var mark: SourceMark
    var message: String

    init(at mark: SourceMark, _ message: String) {
        self.mark = mark
        self.message = message
    }
}
