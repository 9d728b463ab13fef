public import PluginAPI
import Synchronization

/// Makes the C table of a plugin.
///
///     @c @implementation
///     public func hearth_plugin_entry() -> UnsafePointer<hearth_plugin>? { Export<MyPlugin>.entry }
public enum Export<P: Plugin> {
    /// The table that `hearth_plugin_entry` returns. Made once, never freed.
    public static var entry: UnsafePointer<hearth_plugin> {
        let table = exports.withLock { exports in
            exports.makeRunner = { host in PluginRunner(try P(host: host)) }
            let table = exports.tables[ObjectIdentifier(P.self)] ?? makeTable(id: P.id, version: P.version)
            exports.tables[ObjectIdentifier(P.self)] = table
            return table
        }
        return UnsafePointer(table.pointer)
    }
}

/// `create` is a C function and cannot know a Swift type, and a shared object holds one plugin: so the type is
/// remembered here, when the host asks for the entry, which it does before `create`.
private struct Exports {
    var makeRunner: (@Sendable (Host) throws -> any Runner)?
    var tables: [ObjectIdentifier: Table] = [:]
}

private let exports = Mutex(Exports())

/// A pointer to memory that is written before anybody sees it, and never again: safe to share.
private struct Table: @unchecked Sendable {
    let pointer: UnsafeMutablePointer<hearth_plugin>
}

private func makeTable(id: String, version: String) -> Table {
    let pointer = UnsafeMutablePointer<hearth_plugin>.allocate(capacity: 1)
    pointer.initialize(
        to: hearth_plugin(
            struct_size: UInt32(MemoryLayout<hearth_plugin>.size),
            abi_major: UInt32(HEARTH_ABI_MAJOR),
            abi_minor: UInt32(HEARTH_ABI_MINOR),
            min_host_minor: 0,
            id: permanent(id),
            version: permanent(version),
            create: create,
            destroy: destroy,
            start: { instance, call, settings in
                accept(instance, call, .start(settings: String(settings.pointee.document)))
            },
            stop: { instance, call in accept(instance, call, .stop) },
            apply_settings: { instance, call, settings in
                accept(
                    instance,
                    call,
                    .apply(
                        settings: String(settings.pointee.document),
                        changes: String(settings.pointee.changes),
                        scope: settings.pointee.scope,
                        revision: settings.pointee.revision
                    )
                )
            },
            command: { instance, call, command in
                accept(
                    instance,
                    call,
                    .command(
                        device: String(command.pointee.device),
                        name: String(command.pointee.name),
                        arguments: String(command.pointee.arguments),
                        timeout: .milliseconds(command.pointee.timeout_ms)
                    )
                )
            },
            health: { instance, call in accept(instance, call, .health) },
            extension: nil
        )
    )
    return Table(pointer: pointer)
}

/// A copy of `text` that is never freed, for static tables.
private func permanent(_ text: String) -> hearth_string {
    let copy = UnsafeMutableBufferPointer<CChar>.allocate(capacity: text.utf8.count)
    _ = copy.initialize(from: text.utf8.map { CChar(bitPattern: $0) })
    return hearth_string(data: UnsafePointer(copy.baseAddress), size: copy.count)
}

private func create(
    _ host: UnsafePointer<hearth_host>,
    _ call: UnsafePointer<hearth_call>,
    _ instance: UnsafeMutablePointer<UnsafeMutableRawPointer?>
) -> hearth_status {
    do {
        guard let makeRunner = exports.withLock(\.makeRunner) else {
            throw PluginError.internal("create was called before hearth_plugin_entry")
        }
        let link = HostLink(host)
        let made = Instance(link: link, runner: try makeRunner(Host(link)))
        instance.pointee = Unmanaged.passRetained(made).toOpaque()
        return hearth_status(HEARTH_OK)
    } catch {
        let failure = PluginError(error)
        failure.message.withHearthString { call.pointee.message(call, $0) }
        return failure.status
    }
}

private func destroy(_ pointer: UnsafeMutableRawPointer?) {
    guard let pointer else { return }
    let instance = Unmanaged<Instance>.fromOpaque(pointer).takeRetainedValue()
    instance.end()
}

private func accept(
    _ pointer: UnsafeMutableRawPointer?,
    _ call: UnsafePointer<hearth_call>,
    _ request: Instance.Request
) -> hearth_status {
    guard let pointer else { return hearth_status(HEARTH_INVALID) }
    let instance = Unmanaged<Instance>.fromOpaque(pointer).takeUnretainedValue()
    instance.accept(call.pointee.operation, request)
    return hearth_status(HEARTH_PENDING)
}
