import PluginKit

extension DeviceSession {
    /// How long a poll under way may take to finish by itself when a command comes.
    private static let courtesy = Duration.milliseconds(250)

    /// Polls once, in a task of its own, so that a command can break it off.
    func pollGivingWay() async {
        let poll = Task { await self.poll() }
        polling = poll
        await withTaskCancellationHandler {
            await poll.value
        } onCancel: {
            poll.cancel()
        }
        polling = nil
    }

    /// Makes way for a command: a poll that does not soon come to its end is broken off.
    func interruptPolling() async {
        guard let polling else { return }
        do {
            try await time.sleep(for: Self.courtesy)
            polling.cancel()
        } catch {
            // The command ended first, so it did not have to wait.
        }
    }

    private func poll() async {
        do throws(ExchangeError) {
            let (new, answer) = try await readEverything()
            take(new, from: answer)
        } catch {
            if error != .cancelled { failed(error) }
        }
    }

    /// The state, and what the meters of the device and its outlets say.
    ///
    /// The state comes first and alone, until the device has told what it is; then its own meter is asked in the same
    /// message. That keeps the answers small: bulbs build theirs in 4 KiB.
    private func readEverything() async throws(ExchangeError) -> (Snapshot, Link.Answer) {
        let limit = settings.commandPolicy.contact
        let together = presence.isOnline ? snapshot.ownMeter : nil
        let (info, answer) = try await readState(within: limit, with: together.map { [$0] } ?? [])
        var new = Snapshot(info: info)
        if together != nil {
            new.energy = (try? answer.value(1)).map(EnergyReading.init)
        } else if let meter = new.ownMeter {
            new.energy = try await measure(Query(meter), within: limit)
        }
        for outlet in info.outlets ?? [] {
            guard let meter = new.abilities.meter else { break }
            guard commands.isEmpty else { throw .cancelled }
            new.outletEnergy[outlet.id] = try await measure(Query(.meter(meter), child: outlet.id), within: limit)
        }
        return (new, answer)
    }

    /// Nil if the device refuses: its meter is no reason to do without its state.
    private func measure(_ query: Query, within limit: Duration) async throws(ExchangeError) -> EnergyReading? {
        let answer = try await link.ask(query, within: limit)
        return (try? answer.value()).map(EnergyReading.init)
    }
}

extension Snapshot {
    /// The question for the device's own meter; a strip has only its outlets'.
    fileprivate var ownMeter: Call? {
        info.outlets == nil ? abilities.meter.map(Call.meter) : nil
    }
}
