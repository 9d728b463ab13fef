package import HostAPI
import Synchronization

/// The log lines of all plugins: the newest of each in memory, and a stream of new ones.
package final class PluginLogs: Sendable {
    /// Kept per plugin.
    package static let memory = 2_000
    /// A line with larger fields than this, in bytes of JSON, is kept without them.
    package static let largestFields = 4_096
    /// How many lines wait for a slow reader of `follow`; one that falls further behind is told so, and its stream ends.
    package static let backlog = 4_096

    fileprivate typealias Continuation = AsyncThrowingStream<LogLine, any Error>.Continuation

    fileprivate struct Follower {
        let level: LogLevel
        let continuation: Continuation
    }

    fileprivate struct Log {
        var lines: [LogLine] = []
        var followers: [UInt64: Follower] = [:]
        var budget: LogBudget
    }

    private struct State {
        var logs: [String: Log] = [:]
        var nextFollower: UInt64 = 0
        var isClosed = false
    }

    private let state = Mutex(State())
    private let clock: @Sendable () -> Timestamp

    package init(clock: @escaping @Sendable () -> Timestamp) {
        self.clock = clock
    }

    /// Adds a line, unless the plugin floods its log.
    package func append(_ line: LogLine) {
        let now = clock()
        let tooSlow = state.withLock { state in
            var log = state.logs[line.plugin] ?? Log(budget: LogBudget(now: now))
            var tooSlow: [Continuation] = []
            if line.source == "host" {
                tooSlow = log.append(line)
            } else if case .keep(let dropped) = log.budget.take(at: now) {
                if dropped > 0 { tooSlow = log.append(Self.gap(of: dropped, before: line)) }
                tooSlow += log.append(line)
            }
            state.logs[line.plugin] = log
            return tooSlow
        }
        for follower in tooSlow { follower.finish(throwing: Failure.fellBehind) }
    }

    /// Adds a line of the host's own about a plugin.
    package func note(_ plugin: String, _ level: LogLevel, _ message: String) {
        append(LogLine(time: clock(), plugin: plugin, level: level, source: "host", message: message))
    }

    /// The lines that match, oldest first; then, if the query follows, new ones until the stream is dropped.
    package func lines(_ query: LogQuery) -> AsyncThrowingStream<LogLine, any Error> {
        let (stream, continuation) = AsyncThrowingStream.makeStream(
            of: LogLine.self,
            throwing: (any Error).self,
            bufferingPolicy: .bufferingOldest(query.limit + Self.backlog)
        )
        let follower = state.withLock { state -> UInt64? in
            let lines = state.logs[query.plugin]?.lines ?? []
            let matching = lines.lazy.filter { line in
                line.level >= query.level && query.since.map { line.time >= $0 } ?? true
            }
            for line in Array(matching).suffix(query.limit) { continuation.yield(line) }
            guard query.follows, !state.isClosed else { return nil }
            defer { state.nextFollower += 1 }
            let now = clock()
            state.logs[query.plugin, default: Log(budget: LogBudget(now: now))].followers[state.nextFollower] =
                Follower(level: query.level, continuation: continuation)
            return state.nextFollower
        }
        guard let follower else {
            continuation.finish()
            return stream
        }
        continuation.onTermination = { [weak self] _ in
            self?.state.withLock { _ = $0.logs[query.plugin]?.followers.removeValue(forKey: follower) }
        }
        return stream
    }

    /// Ends every stream.
    package func close() {
        let followers = state.withLock { state in
            state.isClosed = true
            return state.logs.values.flatMap(\.followers.values)
        }
        for follower in followers { follower.continuation.finish() }
    }

    private static func gap(of dropped: Int, before line: LogLine) -> LogLine {
        LogLine(
            time: line.time,
            plugin: line.plugin,
            level: .warning,
            source: "host",
            message: "\(dropped) lines dropped: the plugin writes more than \(LogBudget.linesPerSecond) lines a second"
        )
    }
}

extension PluginLogs.Log {
    /// Adds a line.
    ///
    /// - Returns: Those that follow the log and did not keep up; they follow it no longer.
    fileprivate mutating func append(_ line: LogLine) -> [PluginLogs.Continuation] {
        lines.append(line)
        // Cut in large steps, so that a line costs the same however full the log is.
        if lines.count >= 2 * PluginLogs.memory { lines.removeFirst(lines.count - PluginLogs.memory) }
        let tooSlow = followers.filter { line.level >= $0.value.level && $0.value.continuation.yield(line).isDropped }
        for follower in tooSlow.keys { followers.removeValue(forKey: follower) }
        return tooSlow.values.map(\.continuation)
    }
}
