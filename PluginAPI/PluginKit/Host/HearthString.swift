import PluginAPI

extension String {
    /// A copy of a borrowed text.
    init(_ text: hearth_string) {
        self.init(
            decoding: UnsafeRawBufferPointer(start: text.data, count: text.data == nil ? 0 : text.size),
            as: UTF8.self
        )
    }

    /// Lends the text to `body`, for the duration of the call.
    func withHearthString<Result>(_ body: (hearth_string) throws -> Result) rethrows -> Result {
        var text = self
        return try text.withUTF8 { bytes in
            try bytes.withMemoryRebound(to: CChar.self) {
                try body(hearth_string(data: $0.baseAddress, size: $0.count))
            }
        }
    }
}

/// Lends two texts to `body`, for the duration of the call.
func withHearthStrings<Result>(
    _ first: String,
    _ second: String,
    _ body: (hearth_string, hearth_string) -> Result
) -> Result {
    first.withHearthString { first in second.withHearthString { second in body(first, second) } }
}

extension PluginError {
    /// The failure behind a status of the host; nothing if it is none.
    init?(status: hearth_status, message: String) {
        guard status < 0 else { return nil }
        let (failure, text): (Class, String) =
            switch Int(status) {
            case HEARTH_RETRYABLE: (.retryable, "the host could not do it now")
            case HEARTH_PERMANENT: (.permanent, "the host cannot do it")
            case HEARTH_AUTH: (.auth, "credentials are missing or wrong")
            case HEARTH_INVALID_SETTINGS: (.invalidSettings, "the settings cannot work")
            case HEARTH_UNSUPPORTED: (.unsupported, "the host has no such ability")
            case HEARTH_INVALID: (.invalid, "the host says that an argument breaks the rules of plugin_api.h")
            case HEARTH_DENIED: (.denied, "the manifest does not ask for this permission, or the user did not give it")
            case HEARTH_BUSY: (.busy, "a queue of the host is full")
            default: (.internal, "the host failed (status \(status))")
            }
        self.init(failure, message.isEmpty ? text : message)
    }

    /// The class as the host knows it.
    var status: hearth_status {
        let status =
            switch `class` {
            case .retryable: HEARTH_RETRYABLE
            case .permanent: HEARTH_PERMANENT
            case .auth: HEARTH_AUTH
            case .invalidSettings: HEARTH_INVALID_SETTINGS
            case .unsupported: HEARTH_UNSUPPORTED
            case .internal: HEARTH_INTERNAL
            case .invalid: HEARTH_INVALID
            case .denied: HEARTH_DENIED
            case .busy: HEARTH_BUSY
            }
        return hearth_status(status)
    }
}
