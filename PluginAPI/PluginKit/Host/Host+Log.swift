import PluginAPI

extension Host {
    /// Lines in `hostctl logs`. A line below the level that is kept costs nothing: its text is not built.
    public struct Log: Sendable {
        /// How important a line is.
        public enum Level: Int32, Sendable, Comparable {
            case debug
            case info
            case warning
            case error
            case critical

            public static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }
        }

        let link: HostLink

        /// Details for the author.
        public func debug(_ message: @autoclosure () -> String, _ fields: @autoclosure () -> [String: JSON] = [:]) {
            write(.debug, message(), fields())
        }

        /// What happens in the ordinary course of things.
        public func info(_ message: @autoclosure () -> String, _ fields: @autoclosure () -> [String: JSON] = [:]) {
            write(.info, message(), fields())
        }

        /// What is not as it should be, though work goes on.
        public func warning(_ message: @autoclosure () -> String, _ fields: @autoclosure () -> [String: JSON] = [:]) {
            write(.warning, message(), fields())
        }

        /// What failed.
        public func error(_ message: @autoclosure () -> String, _ fields: @autoclosure () -> [String: JSON] = [:]) {
            write(.error, message(), fields())
        }

        /// What a person must see to at once.
        public func critical(_ message: @autoclosure () -> String, _ fields: @autoclosure () -> [String: JSON] = [:]) {
            write(.critical, message(), fields())
        }

        /// Writes a line. More than 8 KiB are cut.
        public func write(
            _ level: Level,
            _ message: @autoclosure () -> String,
            _ fields: @autoclosure () -> [String: JSON] = [:]
        ) {
            link.call(link.log) { table, host in
                guard level.rawValue >= table.level(host) else { return }
                let fields = fields()
                withHearthStrings(message(), fields.isEmpty ? "" : JSON.object(fields).encoded()) {
                    table.write(host, level.rawValue, $0, $1)
                }
            }
        }
    }
}
