import HostAPI
import Store
import Synchronization
import Testing

@Suite struct PluginStateWriterTests {
    private let scratch: Scratch
    private let database: StateDatabase
    private let queue = ManualWriteQueue()

    init() throws {
        scratch = try Scratch("plugin-state")
        database = try StateDatabase(path: scratch.state, options: StoreOptions(busyTimeout: .milliseconds(1)))
    }

    private func change(_ key: String, _ value: String?, plugin: String = "kasa") -> PluginStateChange {
        PluginStateChange(plugin: plugin, key: key, value: value)
    }

    @Test func changesOfAllPluginsAreStoredTogetherAfterAWhile() async throws {
        let writer = PluginStateWriter(database, queue: queue)
        writer.write(change("token", "1"))
        await queue.pass(.seconds(29))
        writer.write(change("token", "2"))
        writer.write(change("cursor", "9", plugin: "hue"))
        #expect(try database.pluginState("kasa").isEmpty)
        #expect(try writer.pluginState("kasa") == ["token": "2"])
        await queue.pass(.seconds(1))
        #expect(try database.pluginState("kasa") == ["token": "2"])
        #expect(try database.pluginState("hue") == ["cursor": "9"])
        #expect(queue.delayedCount == 0)
    }

    @Test func aFlushDoesNotWait() async throws {
        let writer = PluginStateWriter(database, queue: queue)
        writer.write(change("token", "1"))
        try await writer.flush()
        #expect(try database.pluginState("kasa") == ["token": "1"])
        writer.write(change("token", nil))
        #expect(try writer.pluginState("kasa").isEmpty)
        #expect(try database.pluginState("kasa") == ["token": "1"])
        // The timer of the change that was flushed is over: the new change has its own 30 s.
        await queue.pass(.seconds(29))
        #expect(try database.pluginState("kasa") == ["token": "1"])
        await queue.pass(.seconds(1))
        #expect(try database.pluginState("kasa").isEmpty)
    }

    @Test func whatCannotBeStoredIsKeptAndNewerValuesWin() async throws {
        let states = Mutex<[WriterState]>([])
        let writer = PluginStateWriter(database, queue: queue) { state in states.withLock { $0.append(state) } }
        let lock = try FileLock(scratch.state)
        writer.write(change("a", "1"))
        writer.write(change("b", "1"))
        await #expect(throws: StoreError.locked(file: scratch.state)) { try await writer.flush() }
        await #expect(throws: StoreError.locked(file: scratch.state)) { try await writer.flush() }
        writer.write(change("b", "2"))
        #expect(try writer.pluginState("kasa") == ["a": "1", "b": "2"])
        try lock.release()
        await queue.pass(.seconds(30))
        #expect(try database.pluginState("kasa") == ["a": "1", "b": "2"])
        #expect(states.withLock { $0 } == [.failing(.locked(file: scratch.state)), .writing])
    }
}
