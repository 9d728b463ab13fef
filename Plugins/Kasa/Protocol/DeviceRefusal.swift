import PluginKit

/// A device understood the question and said no: an `err_code` other than 0.
struct DeviceRefusal: Error, Hashable, CustomStringConvertible {
    let code: Int
    /// The device's own words, if it gave any.
    let message: String?

    /// The refusal in a device's answer, nil if there is none.
    init?(in answer: JSON) {
        guard let code = answer["err_code"].integer, code != 0 else { return nil }
        self.init(code: code, message: answer["err_msg"].text)
    }

    init(code: Int, message: String? = nil) {
        self.code = code
        self.message = message.flatMap { $0.isEmpty ? nil : String($0.prefix(200)) }
    }

    /// Whether asking again may help.
    var isTransient: Bool {
        switch code {
        case -5, -7, -11: true
        default: false
        }
    }

    var description: String {
        let words = message.map { " (“\($0)”)" } ?? ""
        return "the device refuses: \(meaning), error \(code)\(words)"
    }

    /// The codes come from devices' answers in the wild; there is no public list.
    private var meaning: String {
        switch code {
        case -1, -2001: "it has no such module"
        case -2, -2000: "its module does not know the command"
        case -3, -10_000: "it does not accept the value"
        case -5: "it is out of memory; unplug it for ten seconds if this stays"
        case -7: "an error that it does not explain"
        case -10: "its table is full"
        case -11: "its clock is not set yet; it needs a time server"
        case -14: "it has no outlet of that id"
        case -10_002: "a value is missing"
        default: "an error that is not known here"
        }
    }
}
