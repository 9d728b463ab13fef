import HostAPI
package import Logging
package import Store
import Synchronization

/// Says that something cannot be stored, and that it can again: a disk that is full is the user's to mend.
package final class StorageAlarm: Sendable {
    package enum Store: String, Sendable {
        case readings
        case pluginState = "plugin-state"
        case desiredState = "state"

        fileprivate var title: String {
            switch self {
            case .readings: "Readings cannot be stored"
            case .pluginState: "What plugins remember cannot be stored"
            case .desiredState: "state.db cannot be written"
            }
        }
    }

    private let logger: Logger
    private let alerts = Mutex<AlertBoard?>(nil)

    package init(logger: Logger) {
        self.logger = logger
    }

    /// From now on alerts are raised too.
    package func connect(to board: AlertBoard) {
        alerts.withLock { $0 = board }
    }

    /// Told once when writing begins to fail, and once when it works again.
    package func changed(_ store: Store, _ state: WriterState) {
        let board = alerts.withLock { $0 }
        switch state {
        case .failing(let error):
            logger.error("\(store.title)", metadata: ["error": "\(error)"])
            board?.raise(
                "host",
                "storage-\(store.rawValue)",
                .critical,
                title: store.title,
                detail: "\(error.failure). What waits is kept in memory and tried again."
            )
        case .writing:
            logger.notice("stored again", metadata: ["what": "\(store.rawValue)"])
            board?.clear("host", "storage-\(store.rawValue)")
        }
    }
}
