import PluginAPI

extension Host {
    /// How the plugin is, in `hostctl list`.
    public struct Status: Sendable {
        /// What the plugin says about itself.
        public enum State: Int32, Sendable {
            case starting
            /// What the host takes for granted after a start.
            case running
            /// It works, but not all of it.
            case degraded
            /// It waits for new credentials, and is not restarted until they change.
            case auth
        }

        let link: HostLink

        /// Says how the plugin is, with one sentence for the user.
        @discardableResult
        public func report(_ state: State, _ text: String = "") -> Acceptance {
            let status = link.call(link.status) { table, host in
                text.withHearthString { table.report(host, state.rawValue, $0) }
            }
            return link.acceptance(status, of: "a status report")
        }
    }
}
