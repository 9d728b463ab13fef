import HostAPI
import Manifests
import Store

/// What the worker says.
extension PluginSupervisor {
    /// How far ahead of the host's clock a reading may be.
    static let clockTolerance: Duration = .seconds(86_400)

    func receive(_ event: WorkerEvent, fromOwner owner: UInt64) {
        guard let worker, worker.owner == owner else { return }
        switch event {
        case .message(let message): receive(message, from: worker)
        case .output(let isError, let line): printed(line, isError: isError)
        case .misbehaved(let reason): handle(.misbehaved(reason))
        case .exited(let status): exited(status, worker)
        }
    }

    private func printed(_ line: String, isError: Bool) {
        services.logs.append(
            LogLine(
                time: services.clock(),
                plugin: id,
                level: isError ? .warning : .info,
                source: isError ? "stderr" : "stdout",
                message: line
            )
        )
    }

    private func exited(_ status: ExitStatusOfProcess, _ worker: Worker) {
        services.subscriptions.removeAll(owner: worker.owner)
        services.programs.cancelAll(owner: worker.owner)
        self.worker = nil
        if status == .abandoned { isAbandoned = true }
        handle(.exited(status))
    }

    private func receive(_ message: WorkerMessage, from worker: Worker) {
        switch message {
        case .hello(let hello): greeted(hello, worker)
        case .loaded(let loaded): hasLoaded(loaded, worker)
        case .result, .pong: break  // The channel has found their requests.
        case .log(let level, let time, let text, let fields):
            let isKept = !fields.isEmpty && fields.utf8.count <= PluginLogs.largestFields
            let fields = isKept ? try? JSONValue(parsing: fields) : nil
            services.logs.append(
                LogLine(time: time, plugin: id, level: level, source: "plugin", message: text, fields: fields)
            )
        case .readings(let readings): publish(readings)
        case .dropped(let readings, let logLines):
            self.worker?.droppedReadings = readings
            self.worker?.droppedLogLines = logLines
        case .devicePut(let text): putDevice(text)
        case .deviceRemove(let device): removeDevice(device)
        case .deviceAvailability(let device, let availability, let reason):
            setAvailability(availability, reason: reason, of: device)
        case .alertRaise(let key, let severity, let title, let detail):
            services.alerts.raise(id, "plugin:\(key)", severity, title: title, detail: detail)
        case .alertClear(let key): services.alerts.clear(id, "plugin:\(key)")
        case .stateSet(let key, let value):
            services.pluginState.write(PluginStateChange(plugin: id, key: key, value: value))
        case .stateRemove(let key):
            services.pluginState.write(PluginStateChange(plugin: id, key: key, value: nil))
        case .stateFlush(let request): flushState(request, worker)
        case .status(let state, let text): reported(state, text)
        case .subscribe(let subscription, let pattern): subscribe(subscription, to: pattern, worker)
        case .unsubscribe(let subscription):
            services.subscriptions.remove(owner: worker.owner, subscription: subscription)
        case .call(let request, let command): call(command, request: request, worker)
        case .exec(let run, let program, let arguments): runProgram(program, arguments, run: run, worker)
        case .execCancel(let run): services.programs.cancel(owner: worker.owner, run: run)
        }
    }

    private func greeted(_ hello: WorkerMessage.Hello, _ worker: Worker) {
        guard hello.protocolVersion == 1 else {
            return handle(
                .misbehaved("the worker program speaks version \(hello.protocolVersion) of the protocol, not 1")
            )
        }
        self.worker?.features = hello.features
        guard let code else { return }
        let dataDirectory = services.layout.dataDirectory(of: id)
        worker.process.channel.send(
            .load(HostMessage.Load(code.package, isProbe: false, dataDirectory: dataDirectory))
        )
    }

    private func hasLoaded(_ loaded: WorkerMessage.Loaded, _ worker: Worker) {
        guard worker.stage == .loading else { return handle(.misbehaved("it says twice that its code is loaded")) }
        if loaded.outcome == .ok {
            self.worker?.hasLoaded = true
            startPlugin()
        } else {
            handle(.loadFailed(loaded.outcome, loaded.message))
        }
    }

    private func reported(_ state: WorkerMessage.ReportedState, _ text: String) {
        worker?.reported = (state, text)
        if state == .auth {
            handle(.reportedAuth(text))
        } else {
            services.alerts.clear(id, PluginLifecycle.AlertKey.auth.rawValue)
            post()
        }
    }

    // MARK: Readings and devices

    private func publish(_ readings: [WireReading]) {
        let now = services.clock()
        // A time that is far ahead would stay the newest for ever and hide every true value.
        var readings = readings.filter { $0.reading.time <= now + Self.clockTolerance }
        for index in readings.indices where readings[index].reading.time.milliseconds == 0 {
            readings[index].reading.time = now
        }
        guard !readings.isEmpty else { return }
        services.history.add(
            readings.map { reading in
                StoredReading(
                    series: SeriesName(plugin: id, device: reading.device, entity: reading.entity),
                    unit: reading.unit,
                    reading: reading.reading
                )
            }
        )
        if !services.subscriptions.isEmpty {
            services.subscriptions.deliver(readings, from: id) { services.devices.handle(of: $0, ofPlugin: id) }
        }
        if services.events.hasListeners {
            for reading in readings { announce(reading) }
        }
    }

    private func announce(_ reading: WireReading) {
        let device = services.devices.handle(of: reading.device, ofPlugin: id) ?? reading.device
        services.events.publish(
            "reading",
            plugin: id,
            device: reading.device,
            "\(id)/\(device)/\(reading.entity) = \(reading.reading.value.text(unit: reading.unit))",
            data: .object([
                "series": .string("\(id)/\(reading.device)/\(reading.entity)"),
                "value": reading.reading.value.jsonValue,
                "unit": .string(reading.unit),
                "time": .string(reading.reading.time.description),
            ]),
            isRemembered: false
        )
    }

    private func putDevice(_ text: String) {
        do {
            let announced = try DeviceAnnouncement.device(parsing: text, plugin: id)
            let (device, isChanged) = services.devices.put(announced)
            guard isChanged else { return }
            services.deviceRecorder.record(
                .put(plugin: id, id: device.id, document: text, at: services.clock())
            )
            services.events.publish("device.put", plugin: id, device: device.id, "\(id) has \(device.name)")
            post()
        } catch {
            services.logs.note(id, .warning, "a device was refused: \(error)")
        }
    }

    private func removeDevice(_ device: String) {
        guard let removed = services.devices.remove(device, ofPlugin: id) else { return }
        services.deviceRecorder.record(.remove(plugin: id, id: device))
        services.events.publish("device.removed", plugin: id, device: device, "\(removed.name) is gone")
        post()
    }

    private func setAvailability(_ availability: Availability, reason: String, of device: String) {
        guard
            let changed = services.devices.setAvailability(
                availability,
                reason: reason,
                of: device,
                ofPlugin: id
            )
        else { return }
        services.deviceRecorder.record(
            .availability(plugin: id, id: device, availability, reason: reason, at: services.clock())
        )
        services.events.publish(
            "device.availability",
            plugin: id,
            device: device,
            "\(changed.name) is \(availability.rawValue)\(reason.isEmpty ? "" : ": \(reason)")"
        )
    }

    // MARK: What the plugin asks for

    private func flushState(_ request: UInt64, _ worker: Worker) {
        let channel = worker.process.channel
        let writer = services.pluginState
        Task {
            do {
                try await writer.flush()
                channel.send(.answer(request: request, Answer(status: .ok)))
            } catch {
                channel.send(.answer(request: request, Answer(status: .retryable, message: "\(error)")))
            }
        }
    }

    private func subscribe(_ subscription: UInt64, to text: String, _ worker: Worker) {
        let channel = worker.process.channel
        guard let pattern = NamePattern.series(text) else {
            return channel.send(
                .answer(request: subscription, Answer(status: .invalid, message: "\"\(text)\" is not a pattern"))
            )
        }
        guard code?.package.manifest.permissions.readSeries.contains(where: { $0.covers(pattern) }) == true else {
            let message = "the manifest's permission read-series does not cover \(text)"
            return channel.send(.answer(request: subscription, Answer(status: .denied, message: message)))
        }
        channel.send(.answer(request: subscription, Answer(status: .ok)))
        // On the reactor's thread, as every delivery: nothing new can come between the latest values and the first ones.
        let latest = services.history.latest().compactMap { latest -> WireReading? in
            let reading = WireReading(
                device: latest.series.device,
                entity: latest.series.entity,
                unit: latest.unit,
                reading: latest.reading
            )
            let plugin = latest.series.plugin
            let isMeant = Subscriptions.pattern(pattern, means: reading, of: plugin) {
                services.devices.handle(of: $0, ofPlugin: plugin)
            }
            return isMeant ? reading.named(within: plugin) : nil
        }
        Self.send(latest, to: subscription, channel)
        services.subscriptions.add(owner: worker.owner, subscription: subscription, pattern: pattern) { readings in
            Self.send(readings, to: subscription, channel)
        }
    }

    /// In slices that fit into a frame, however long the names are.
    private static func send(_ readings: [WireReading], to subscription: UInt64, _ channel: WorkerChannel) {
        var rest = readings[...]
        while !rest.isEmpty {
            channel.send(.subscriptionReadings(subscription: subscription, Array(rest.prefix(512))))
            rest = rest.dropFirst(512)
        }
    }

    private func call(_ command: CommandRequest, request: UInt64, _ worker: Worker) {
        let channel = worker.process.channel
        let device = command.device.flatMap { try? services.devices.find($0, ofPlugin: command.plugin) }
        let isAllowed = code?.package.manifest.permissions.commandDevices.contains { pattern in
            guard let device else { return pattern.matches(command.plugin, command.device ?? "*") }
            return pattern.matches(command.plugin, device.id) || pattern.matches(command.plugin, device.handle)
        }
        guard isAllowed == true else {
            let name = "\(command.plugin)/\(command.device ?? "")"
            let message = "the manifest's permission command-devices does not cover \(name)"
            return channel.send(.answer(request: request, Answer(status: .denied, message: message)))
        }
        let call = services.call
        Task { channel.send(.answer(request: request, await call(command))) }
    }

    private func runProgram(_ name: String, _ arguments: String, run: UInt64, _ worker: Worker) {
        let channel = worker.process.channel
        guard let template = code?.package.manifest.permissions.programs[name] else {
            let message = "the manifest declares no program \"\(name)\""
            return channel.send(.answer(request: run, Answer(status: .denied, message: message)))
        }
        let filled: [String]
        do {
            filled = try template.fill(try JSONValue(parsing: arguments.isEmpty ? "{}" : arguments))
        } catch {
            return channel.send(.answer(request: run, Answer(status: .invalid, message: "\(error)")))
        }
        services.programs.start(
            owner: worker.owner,
            run: run,
            template: template,
            arguments: filled,
            hasRoom: { !channel.isBehind },
            receive: { output in
                switch output {
                case .bytes(let stream, let bytes): channel.send(.execOutput(run: run, stream: stream, bytes))
                case .ended(let answer): channel.send(.answer(request: run, answer))
                }
            }
        )
    }
}

extension ReadingValue {
    var jsonValue: JSONValue {
        switch self {
        case .number(let value): .number(value)
        case .boolean(let value): .bool(value)
        case .text(let text): .string(text)
        case .unknown: .null
        }
    }
}
