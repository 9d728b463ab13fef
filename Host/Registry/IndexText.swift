import HostAPI
import Manifests

/// The text of an index or of a document with further versions.
enum IndexText {
    static let sizeLimit = 16 << 20

    /// Parses JSON, or YAML where the name of the file ends so.
    ///
    /// - Throws: If it is neither.
    static func parse(
        _ bytes: [UInt8],
        isYAML: Bool,
        report: ProblemReport
    ) throws(IndexProblem) -> IndexField {
        guard bytes.contains(where: { !$0.isSpace }) else { throw IndexProblem(place: "", message: "is empty") }
        // The sign of a page that a captive portal, a proxy or a web server made up.
        if bytes.first(where: { !$0.isSpace }) == UInt8(ascii: "<") {
            throw IndexProblem(place: "", message: "is a web page, not \(isYAML ? "YAML" : "JSON")")
        }
        if isYAML {
            guard let node = YAMLParser.parse(bytes, report: report, limit: sizeLimit) else {
                let problem = report.error(file: "").problems.first
                throw IndexProblem(place: "", message: "cannot be read: \(problem?.description ?? "not valid YAML")")
            }
            // The report holds no more than that: there may be mistakes that it does not name.
            guard report.error(file: "").problems.count < 200 else {
                throw IndexProblem(place: "", message: "has 200 mistakes or more")
            }
            return IndexField(node.jsonValue)
        }
        do throws(JSONSyntaxError) {
            return IndexField(try JSONValue(parsing: String(decoding: bytes, as: UTF8.self)))
        } catch {
            throw IndexProblem(place: "", message: "is not valid JSON, or only a part of it")
        }
    }
}

extension UInt8 {
    fileprivate var isSpace: Bool { self == 0x20 || (0x09...0x0D).contains(self) }
}
