import PluginAPI
import Synchronization

/// The host's tables, and whether they may still be called.
final class HostLink: Sendable {
    // The host's tables never change and live until `destroy` returns; all their functions that are called from here
    // may be called from any thread. That makes the pointers safe to share.
    nonisolated(unsafe) let host: UnsafePointer<hearth_host>
    nonisolated(unsafe) let log: UnsafePointer<hearth_log>?
    nonisolated(unsafe) let readings: UnsafePointer<hearth_readings>?
    nonisolated(unsafe) let devices: UnsafePointer<hearth_devices>?
    nonisolated(unsafe) let alerts: UnsafePointer<hearth_alerts>?
    nonisolated(unsafe) let state: UnsafePointer<hearth_state>?
    nonisolated(unsafe) let clock: UnsafePointer<hearth_clock>?
    nonisolated(unsafe) let status: UnsafePointer<hearth_status_report>?
    nonisolated(unsafe) let home: UnsafePointer<hearth_home>?
    nonisolated(unsafe) let exec: UnsafePointer<hearth_exec>?

    let callbacks = HostCallbacks()
    private let isOpen = Atomic(true)

    init(_ host: UnsafePointer<hearth_host>) {
        func table<Table>(_ id: String) -> UnsafePointer<Table>? {
            id.withHearthString { host.pointee.extension(host, $0) }?.assumingMemoryBound(to: Table.self)
        }
        self.host = host
        log = table(HEARTH_EXTENSION_LOG)
        readings = table(HEARTH_EXTENSION_READINGS)
        devices = table(HEARTH_EXTENSION_DEVICES)
        alerts = table(HEARTH_EXTENSION_ALERTS)
        state = table(HEARTH_EXTENSION_STATE)
        clock = table(HEARTH_EXTENSION_CLOCK)
        status = table(HEARTH_EXTENSION_STATUS)
        home = table(HEARTH_EXTENSION_HOME)
        exec = table(HEARTH_EXTENSION_EXEC)
    }

    /// Calls `body` with a table of the host; nothing if the host has none, or the plugin was destroyed.
    func call<Table, Result>(
        _ table: UnsafePointer<Table>?,
        _ body: (Table, UnsafePointer<hearth_host>) throws -> Result
    ) rethrows -> Result? {
        guard let table, isOpen.load(ordering: .acquiring) else { return nil }
        return try body(table.pointee, host)
    }

    /// Answers a call that returned `HEARTH_PENDING`.
    func complete(_ operation: UInt64, with result: Result<JSON, PluginError>) {
        guard isOpen.load(ordering: .acquiring) else { return }
        switch result {
        case .success(let value):
            withHearthStrings(value.isNull ? "" : value.encoded(), "") { json, message in
                host.pointee.complete(host, operation, hearth_status(HEARTH_OK), json, message)
            }
        case .failure(let error):
            withHearthStrings("", error.message) { json, message in
                host.pointee.complete(host, operation, error.status, json, message)
            }
        }
    }

    /// The plugin is destroyed. Whatever still waits for the host is ended.
    func close() {
        isOpen.store(false, ordering: .releasing)
        callbacks.close()
    }
}
