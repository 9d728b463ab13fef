import HostAPI
import Manifests

/// The text of an index or of a document with further versions.
enum IndexText {
    static let sizeLimit = 16 << 20

    /// Parses JSON, or YAML where the name of the file ends so.
    ///
    /// - Parameters:
    ///   - bytes: The text.
    ///   - isYAML: Which of the two it is.
    ///   - report: Gets what is wrong with a part of a YAML text.
    ///   - entry: Takes the elements of the list `plugins` of the document as they come.
    /// - Returns: The document; its list `plugins` is empty.
    /// - Throws: If it is neither.
    static func parse(
        _ bytes: [UInt8],
        isYAML: Bool,
        report: ProblemReport,
        entry: (JSONValue, _ repeatedKey: String?) -> Void
    ) throws(IndexProblem) -> JSONValue {
        guard let first = bytes.first(where: { !$0.isSpace }) else {
            throw IndexProblem(place: "", message: "is empty")
        }
        // The sign of a page that a captive portal, a proxy or a web server made up.
        guard first != UInt8(ascii: "<") else {
            throw IndexProblem(place: "", message: "is a web page, not \(isYAML ? "YAML" : "JSON")")
        }
        if isYAML { return try parseYAML(bytes, report, entry) }
        do throws(JSONScanner.Problem) {
            var scanner = JSONScanner(bytes)
            return try scanner.document(list: "plugins", take: entry)
        } catch {
            throw IndexProblem(place: "", message: error.message)
        }
    }

    private static func parseYAML(
        _ bytes: [UInt8],
        _ report: ProblemReport,
        _ entry: (JSONValue, String?) -> Void
    ) throws(IndexProblem) -> JSONValue {
        guard let node = YAMLParser.parse(bytes, report: report, limit: sizeLimit) else {
            let problem = report.error(file: "").problems.first
            throw IndexProblem(place: "", message: "cannot be read: \(problem?.description ?? "not valid YAML")")
        }
        // The report holds no more than that: there may be mistakes that it does not name.
        guard report.error(file: "").problems.count < 200 else {
            throw IndexProblem(place: "", message: "has 200 mistakes or more")
        }
        guard case .object(var members) = node.jsonValue, case .array(let entries) = members["plugins"] else {
            return node.jsonValue
        }
        for value in entries { entry(value, nil) }
        members["plugins"] = .array([])
        return .object(members)
    }
}

extension UInt8 {
    fileprivate var isSpace: Bool { self == 0x20 || (0x09...0x0D).contains(self) }
}
