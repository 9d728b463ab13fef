import Glibc
import HostAPI
import Manifests

/// Loads code that was never loaded before in a worker of its own, that is thrown away: if it crashes or hangs while it is
/// being loaded, nothing else does.
package struct CodeProbe: Sendable {
    /// How long the code may take to be loaded.
    static let limit: Duration = .seconds(5)

    let program: WorkerProcess.Program
    let layout: RootLayout
    let reactor: Reactor

    /// Begins. Call on the reactor's thread; `completion` is called there too, once.
    ///
    /// - Throws: If no worker can be started.
    func start(
        _ package: Package,
        completion: @escaping @Sendable (ProbeVerdict.Verdict) -> Void
    ) throws(Failure) {
        let id = package.manifest.id.text
        let gathered = ProbeVerdict()
        let process: WorkerProcess
        do {
            // A lock of its own: the version before may be running meanwhile.
            let lock = try WorkerLock.take(layout.probeLockPath(of: id), of: id)
            defer { close(lock) }
            process = try WorkerProcess(program, plugin: id, lock: lock, reactor: reactor) { event in
                if let verdict = gathered.receive(event) { completion(verdict) }
            }
        } catch {
            throw error.failure
        }
        process.channel.send(
            .load(HostMessage.Load(package, isProbe: true, dataDirectory: layout.dataDirectory(of: id)))
        )
        reactor.schedule(after: Self.limit) {
            gathered.timedOut()
            process.kill()
        }
    }

    /// Tries the code and waits for the verdict, from any thread.
    func verdict(on package: Package) async throws(Failure) -> ProbeVerdict.Verdict {
        let result = await withCheckedContinuation {
            (continuation: CheckedContinuation<Result<ProbeVerdict.Verdict, Failure>, Never>) in
            reactor.schedule(after: .zero) {
                do throws(Failure) {
                    try start(package) { continuation.resume(returning: .success($0)) }
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
        return try result.get()
    }
}

extension HostMessage.Load {
    /// The message by which a worker loads a package.
    init(_ package: Package, isProbe: Bool, dataDirectory: String) {
        self.init(
            isProbe: isProbe,
            logLevel: .info,
            id: package.manifest.id.text,
            version: package.manifest.version.description,
            entryPath: package.entryPath,
            packageDirectory: package.directory,
            dataDirectory: dataDirectory
        )
    }
}
