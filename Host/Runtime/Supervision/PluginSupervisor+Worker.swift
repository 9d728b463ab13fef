import CLinux
import Glibc
import HostAPI
import Manifests
import Store

/// Starting, watching and ending the worker.
extension PluginSupervisor {
    /// HELLO and LOADED must have come after this time.
    static let handshakeLimit: Duration = .seconds(10)
    /// START must be answered within this time.
    static let startLimit: Duration = .seconds(10)
    static let heartbeatInterval: Duration = .seconds(5)
    static let heartbeatLimit: Duration = .seconds(15)
    /// STOP must be answered within this time; then SIGTERM,
    static let stopLimit: Duration = .seconds(5)
    /// and after this further time SIGKILL.
    static let terminateLimit: Duration = .seconds(2)

    func launch() {
        guard let code else { return handle(.launchFailed(.fileMissing, "there is no code to load")) }
        guard code.isUnchanged else {
            let message = "its file was changed while it was in use; `hostctl restart \(id)` takes the new one"
            return handle(.launchFailed(.hashMismatch, message))
        }
        let owner = services.workerNumbers.next()
        do throws(Failure) {
            try services.layout.prepareDataDirectory(of: id)
            let process = try startWorker(for: code) { [self] event in
                assumeIsolated { $0.receive(event, fromOwner: owner) }
            }
            worker = Worker(process: process, owner: owner, launched: .now, code: code, isolation: isolation)
            limitHandshake(owner)
        } catch {
            if error.code == .conflict { return handle(.launchFailed(.startFailed, error.description)) }
            services.logs.note(id, .error, "no worker could be started: \(error)")
            handle(.spawnFailed(error.message))
        }
    }

    /// Starts the plugin's worker: a process, or a thread of the host if the manifest asks for it and the user allows it.
    private func startWorker(
        for code: PluginCode,
        receive: @escaping @Sendable (WorkerEvent) -> Void
    ) throws(Failure) -> any PluginWorker {
        guard isolation == .host else { return try startProcess(receive: receive) }
        guard hostedHash == nil || hostedHash == code.hash, !isAbandoned else {
            throw Failure(
                .conflict,
                "hostd still has the code of \(id) that it loaded before, and cannot let go of it",
                hint: "restart hostd"
            )
        }
        hostedHash = code.hash
        do {
            return try WorkerThread(plugin: id, reactor: services.reactor, receive: receive)
        } catch {
            throw error.failure
        }
    }

    /// Starts a worker process that holds the plugin's lock, so that two can never run at once.
    private func startProcess(
        receive: @escaping @Sendable (WorkerEvent) -> Void
    ) throws(Failure) -> WorkerProcess {
        do {
            let lock = try WorkerLock.take(services.layout.lockPath(of: id), of: id)
            defer { close(lock) }
            return try WorkerProcess(
                services.program,
                plugin: id,
                lock: lock,
                reactor: services.reactor,
                receive: receive
            )
        } catch {
            throw error.failure
        }
    }

    private func limitHandshake(_ owner: UInt64) {
        services.reactor.schedule(after: Self.handshakeLimit) { [self] in
            assumeIsolated {
                guard $0.worker?.owner == owner, $0.worker?.stage == .loading else { return }
                $0.handle(.misbehaved("its code was not loaded within \(Self.handshakeLimit.components.seconds) s"))
            }
        }
    }

    /// The code is loaded: hands over the state and starts the plugin.
    func startPlugin() {
        guard let owner = worker?.owner else { return }
        worker?.stage = .starting
        Task {
            do {
                let remembered = try await services.ledger.perform {
                    [id, pluginState = services.pluginState] _ throws(StoreError) in
                    try pluginState.pluginState(id)
                }
                startPlugin(remembering: remembered, owner: owner)
            } catch {
                guard worker?.owner == owner else { return }
                // Unreadable is not empty: the plugin must not start as if it had forgotten everything.
                handle(.misbehaved("what it remembers cannot be read: \(error)"))
            }
        }
    }

    private func startPlugin(remembering remembered: [String: String], owner: UInt64) {
        guard let worker, worker.owner == owner, worker.stage == .starting, let code else { return }
        for (key, value) in remembered { worker.process.channel.send(.state(key: key, value: value)) }
        let document = code.package.manifest.settings.fillingDefaults(settings.saved).text
        let revision = UInt64(settings.revision)
        worker.process.channel.request(timeout: Self.startLimit) {
            .start(operation: $0, revision: revision, settings: document)
        } completion: { [self, owner = worker.owner] result in
            services.reactor.schedule(after: .zero) { [self] in
                assumeIsolated { $0.startAnswered(result, revision: Int64(revision), owner: owner) }
            }
        }
    }

    private func startAnswered(
        _ result: Result<Answer, WorkerChannel.RequestError>,
        revision: Int64,
        owner: UInt64
    ) {
        guard let launched = worker?.launched, worker?.owner == owner, worker?.stage == .starting else { return }
        switch result {
        case .success(let answer):
            if answer.status == .ok {
                worker?.stage = .started
                worker?.settingsRevision = revision
                worker?.startDuration = .now - launched
                worker?.readySince = services.clock()
            }
            handle(.started(answer))
        case .failure(.timedOut):
            handle(.misbehaved("its start was not complete within \(Self.startLimit.components.seconds) s"))
        case .failure(.closed): break  // Its exit follows.
        }
    }

    /// Called every `heartbeatInterval`, for all plugins at the same moment, so that an idle host wakes seldom.
    package func beat() {
        guard let worker else { return }
        guard worker.stage == .loading || worker.stage == .stopping || worker.process.channel.isOpen else {
            // Nothing else would notice it: who cannot be asked can neither be late with an answer.
            return handle(.misbehaved("it closed its connection to the host, and did not end"))
        }
        guard worker.stage == .started, !worker.awaitsPong else { return }
        self.worker?.awaitsPong = true
        worker.process.channel.request(timeout: Self.heartbeatLimit) {
            .ping($0)
        } completion: { [self, owner = worker.owner] result in
            services.reactor.schedule(after: .zero) { [self] in
                assumeIsolated { $0.beatAnswered(result, owner: owner) }
            }
        }
    }

    private func beatAnswered(_ result: Result<Answer, WorkerChannel.RequestError>, owner: UInt64) {
        guard worker?.owner == owner else { return }
        worker?.awaitsPong = false
        guard case .failure(.timedOut) = result, worker?.stage == .started else { return }
        handle(.misbehaved("it did not answer a heartbeat for \(Self.heartbeatLimit.components.seconds) s"))
    }

    /// STOP, EXIT, SIGTERM, SIGKILL: each only if the one before it did not help.
    func stopWorker() {
        guard let worker, worker.stage != .stopping else { return }
        guard worker.stage != .loading else { return worker.process.kill() }
        self.worker?.stage = .stopping
        let process = worker.process
        process.channel.request(timeout: Self.stopLimit) {
            .stop(operation: $0)
        } completion: { result in
            if case .success = result { process.channel.send(.exit) }
        }
        let reactor = services.reactor
        reactor.schedule(after: Self.stopLimit) {
            process.terminate()
            reactor.schedule(after: Self.terminateLimit) { process.kill() }
        }
    }

    // MARK: The probe

    /// Loads code that was never loaded before in a worker of its own, that is thrown away.
    func probe() {
        guard let code else { return handle(.probed(.fileMissing, "there is no code to load")) }
        if let reason = code.quarantineReason { return handle(.probed(.quarantined, reason)) }
        let probe = CodeProbe(program: services.program, layout: services.layout, reactor: services.reactor)
        do throws(Failure) {
            try probe.start(code.package) { [self] verdict in
                assumeIsolated { $0.probeEnded(verdict, hash: code.hash) }
            }
        } catch {
            handle(.spawnFailed(error.message))
        }
    }

    private func probeEnded(_ verdict: ProbeVerdict.Verdict, hash: String) {
        if verdict.outcome == .ok {
            services.ledger.write { [id] database throws(StoreError) in
                try database.rememberProbed(hash: hash, plugin: id)
            }
        }
        // The code was replaced meanwhile: the verdict is about another one.
        guard code?.hash == hash else { return probe() }
        code?.isProbed = verdict.outcome == .ok
        handle(.probed(verdict.outcome, verdict.message))
    }
}
