/// Makes the tree from events. What is wrong with one node is reported, and the rest is read on.
struct YAMLTreeBuilder {
    let events: YAMLEvents
    let report: ProblemReport

    /// The one document of the stream; null if it is empty.
    func document() throws(YAMLSyntaxError) -> YAMLNode {
        _ = try events.next()
        guard case (.documentStart, _) = try events.next() else {
            return YAMLNode(.null, at: .start)
        }
        let root = try node(from: try events.next(), path: "", depth: 0)
        _ = try events.next()
        if case (.documentStart, let mark) = try events.next() {
            throw YAMLSyntaxError(at: mark, "a second document begins here; a manifest is one document")
        }
        return root
    }

    private func node(
        from next: (event: YAMLEvents.Event, mark: SourceMark),
        path: String,
        depth: Int
    ) throws(YAMLSyntaxError) -> YAMLNode {
        let mark = next.mark
        guard depth <= YAMLParser.depthLimit else {
            throw YAMLSyntaxError(at: mark, "nested deeper than \(YAMLParser.depthLimit) levels")
        }
        switch next.event {
        case .scalar(let text, let isPlain, let properties):
            refuseAnchor(properties, at: mark, path: path)
            return scalar(text, isPlain: isPlain, tag: properties.tag, at: mark, path: path)
        case .sequenceStart(let properties):
            refuseAnchor(properties, at: mark, path: path)
            checkTag(properties.tag, is: "seq", at: mark, path: path)
            return YAMLNode(.sequence(try elements(path: path, depth: depth)), at: mark)
        case .mappingStart(let properties):
            refuseAnchor(properties, at: mark, path: path)
            checkTag(properties.tag, is: "map", at: mark, path: path)
            return YAMLNode(.mapping(try members(path: path, depth: depth)), at: mark)
        case .alias:
            report.add(.init(at: mark, path: path, message: "aliases (*name) are not supported; write the value out"))
            return YAMLNode(.null, at: mark)
        case .streamStart, .streamEnd, .documentStart, .documentEnd, .sequenceEnd, .mappingEnd:
            throw YAMLSyntaxError(at: mark, "not valid YAML: a value is missing")
        }
    }

    private func elements(path: String, depth: Int) throws(YAMLSyntaxError) -> [YAMLNode] {
        var elements: [YAMLNode] = []
        while true {
            let next = try events.next()
            if case .sequenceEnd = next.event { return elements }
            elements.append(
                try node(from: next, path: JSONPointer.element(elements.count, of: path), depth: depth + 1)
            )
        }
    }

    private func members(path: String, depth: Int) throws(YAMLSyntaxError) -> [YAMLNode.Member] {
        var members: [YAMLNode.Member] = []
        var lines: [String: Int] = [:]
        while true {
            let next = try events.next()
            let key: String
            switch next.event {
            case .mappingEnd: return members
            case .scalar(let text, _, let properties):
                refuseAnchor(properties, at: next.mark, path: path)
                checkTag(properties.tag, is: "str", at: next.mark, path: path)
                key = text
            case .alias, .sequenceStart, .mappingStart:
                throw YAMLSyntaxError(at: next.mark, "a key must be text")
            default:
                throw YAMLSyntaxError(at: next.mark, "not valid YAML: a key is missing")
            }
            let keyPath = JSONPointer.member(key, of: path)
            let value = try node(from: try events.next(), path: keyPath, depth: depth + 1)
            if let line = lines[key] {
                let message = "the key \(quoted(key)) is already in line \(line)"
                report.add(.init(at: next.mark, path: keyPath, message: message))
            } else {
                lines[key] = next.mark.line
                members.append(.init(key: key, keyMark: next.mark, value: value))
            }
        }
    }

    private func scalar(_ text: String, isPlain: Bool, tag: String?, at mark: SourceMark, path: String) -> YAMLNode {
        let isText = !isPlain || tag == "!" || tag == coreTag("str")
        guard !isText else {
            checkTag(tag, is: "str", at: mark, path: path)
            return YAMLNode(.text(text), at: mark, source: text)
        }
        do {
            let content = try YAMLScalar.resolve(text)
            checkTag(tag, is: content.tagName, at: mark, path: path)
            return YAMLNode(content, at: mark, source: text)
        } catch {
            report.add(.init(at: mark, path: path, message: "\(text) \(error)"))
            return YAMLNode(.null, at: mark, source: text)
        }
    }

    private func refuseAnchor(_ properties: YAMLEvents.Properties, at mark: SourceMark, path: String) {
        guard properties.hasAnchor else { return }
        report.add(.init(at: mark, path: path, message: "anchors (&name) are not supported"))
    }

    private func checkTag(_ tag: String?, is name: String, at mark: SourceMark, path: String) {
        guard let tag, tag != "!", tag != coreTag(name) else { return }
        let prefix = coreTag("")
        let shown = tag.hasPrefix(prefix) ? "!!" + tag.dropFirst(prefix.count) : tag
        report.add(.init(at: mark, path: path, message: "the tag \(quoted(shown)) does not fit here; leave it out"))
    }

    private func coreTag(_ name: String) -> String { "tag:yaml.org,2002:\(name)" }
}

extension YAMLNode.Content {
    fileprivate var tagName: String {
        switch self {
        case .null: "null"
        case .bool: "bool"
        case .integer: "int"
        case .number: "float"
        case .text: "str"
        case .sequence: "seq"
        case .mapping: "map"
        }
    }
}
