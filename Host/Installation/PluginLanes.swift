internal import Synchronization

/// One change of a plugin at a time, in the order in which they were asked for; plugins do not wait for each other.
final class PluginLanes: Sendable {
    struct Ticket: Sendable, Hashable {
        let plugin: String
        fileprivate let id: Int
    }

    private struct Place {
        let id: Int
        var number: Int64?
        var turn: CheckedContinuation<Void, Never>?
    }

    private struct State {
        var lastID = 0
        var lanes: [String: [Place]] = [:]
    }

    private let state = Mutex(State())

    /// Takes the last place in the plugin's lane.
    func take(_ plugin: String) -> Ticket {
        state.withLock { state in
            state.lastID += 1
            state.lanes[plugin, default: []].append(Place(id: state.lastID))
            return Ticket(plugin: plugin, id: state.lastID)
        }
    }

    func isFirst(_ ticket: Ticket) -> Bool {
        state.withLock { state in state.lanes[ticket.plugin]?.first?.id == ticket.id }
    }

    /// Gives the place the number of its change.
    func setNumber(_ number: Int64, of ticket: Ticket) {
        state.withLock { state in
            guard let index = state.lanes[ticket.plugin]?.firstIndex(where: { $0.id == ticket.id }) else { return }
            state.lanes[ticket.plugin]?[index].number = number
        }
    }

    /// The number of the change that goes on in the plugin's lane.
    func current(_ plugin: String) -> Int64? {
        state.withLock { state in state.lanes[plugin]?.first?.number }
    }

    /// The numbers of the changes that go on, by plugin.
    var current: [String: Int64] {
        state.withLock { state in state.lanes.compactMapValues { $0.first?.number } }
    }

    /// How many places are taken in all lanes.
    var count: Int { state.withLock { state in state.lanes.values.reduce(0) { $0 + $1.count } } }

    /// Waits until everybody before has left.
    func turn(_ ticket: Ticket) async {
        await withCheckedContinuation { continuation in
            let isFirst = state.withLock { state in
                guard let index = state.lanes[ticket.plugin]?.firstIndex(where: { $0.id == ticket.id }), index > 0
                else { return true }
                state.lanes[ticket.plugin]?[index].turn = continuation
                return false
            }
            if isFirst { continuation.resume() }
        }
    }

    func leave(_ ticket: Ticket) {
        let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
            state.lanes[ticket.plugin]?.removeAll { $0.id == ticket.id }
            guard let first = state.lanes[ticket.plugin]?.first else {
                state.lanes[ticket.plugin] = nil
                return nil
            }
            state.lanes[ticket.plugin]?[0].turn = nil
            return first.turn
        }
        next?.resume()
    }
}
