import PluginAPI

extension Host {
    /// What a person should know: raised once, and cleared when the cause is gone.
    public struct Alerts: Sendable {
        /// How bad it is.
        public enum Severity: Int32, Sendable {
            case warning
            case error
            case critical
        }

        let link: HostLink

        /// Raises an alert. Raised again while it stands, it is counted, not doubled.
        ///
        /// `key` is `[a-z0-9][a-z0-9._:/-]{0,127}`, unique within the plugin; `title` is one line; `detail` says what
        /// to do.
        @discardableResult
        public func raise(_ key: String, _ severity: Severity, _ title: String, detail: String = "") -> Acceptance {
            let status = link.call(link.alerts) { table, host in
                key.withHearthString { key in
                    withHearthStrings(title, detail) { table.raise(host, key, severity.rawValue, $0, $1) }
                }
            }
            return link.acceptance(status, of: "the alert \(key)")
        }

        /// Says that the cause is gone. Clearing what does not stand is fine.
        @discardableResult
        public func clear(_ key: String) -> Acceptance {
            let status = link.call(link.alerts) { table, host in
                key.withHearthString { table.clear(host, $0) }
            }
            return link.acceptance(status, of: "to clear the alert \(key)")
        }
    }
}
