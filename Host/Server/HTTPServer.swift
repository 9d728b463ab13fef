package import HostAPI
import Hummingbird
import HummingbirdCore
package import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

/// The API of `docs/api.md` on a Unix socket, as a service: it serves until it is shut down.
///
/// The caller holds the host's lock, so a socket file that is there already was left behind and is replaced. Others
/// never get at the socket: it is 0600 as soon as it listens, and in the moment before, the directory's 0700 protects it.
package struct HTTPServer: Service {
    /// How long the server waits.
    package struct Patience: Sendable {
        /// A stream gets a comment this often.
        package var keepAlive: Duration
        /// Requests that are in progress at a shutdown may take this much longer; then their connections are closed.
        package var shutdown: Duration

        package init(keepAlive: Duration = .seconds(15), shutdown: Duration = .seconds(5)) {
            self.keepAlive = keepAlive
            self.shutdown = shutdown
        }
    }

    private let responder: RouterResponder<BasicRequestContext>
    private let whenListening: @Sendable () async -> Void
    private let socketFile: SocketFile
    private let patience: Patience
    private let logger: Logger

    /// The directory of the socket has to exist and to be 0700; the path has at most 107 bytes. `whenListening` is
    /// called once the socket accepts connections.
    package init(
        host: some Host,
        socketPath: String,
        logger: Logger,
        patience: Patience = Patience(),
        whenListening: @escaping @Sendable () async -> Void = {}
    ) {
        let socketFile = SocketFile(path: socketPath)
        self.socketFile = socketFile
        self.patience = patience
        self.logger = logger
        self.whenListening = whenListening
        responder = makeRouter(host: host, keepAlive: patience.keepAlive).buildResponder()
    }

    /// - Throws: `internal` if the socket cannot be opened.
    package func run() async throws {
        try socketFile.check()
        defer { socketFile.remove() }
        do {
            try await serve()
        } catch let error where !(error is CancellationError) {
            throw Failure(.internalError, "The API cannot be served at \(socketFile.path): \(error)")
        }
    }

    /// Serves until the listener has ended, which a shutdown makes it do: by itself, or else when patience is over.
    private func serve() async throws {
        let listener = try makeListener()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await listener.run() }
            group.addTask {
                try await gracefulShutdown()
                try await Task.sleep(for: patience.shutdown)
                logger.warning("Requests are still in progress. Their connections are closed.")
            }
            try await group.next()
            group.cancelAll()
        }
    }

    /// Not the framework's `Application`: that one renews the text of its `Date` header every second, day and night,
    /// which would be most of what an idle host does.
    private func makeListener() throws -> any Service {
        try HTTPServerBuilder.http1().buildServer(
            configuration: ServerConfiguration(address: .unixDomainSocket(path: socketFile.path)),
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            logger: logger
        ) { [responder, logger] request, writer, channel in
            let context = BasicRequestContext(
                source: ApplicationRequestContextSource(channel: channel, logger: logger)
            )
            var response = try await responder.respond(to: request, context: context)
            response.headers[.date] = DateHeader.now
            try await writer.write(response: response.head, body: response.body)
        } onServerRunning: { [socketFile, whenListening, logger] channel in
            do {
                try socketFile.restrictToOwner()
                await whenListening()
            } catch {
                logger.critical("\(error)")
                channel.close(promise: nil)
            }
        }
    }
}

/// The whole API. What serves it, on which kind of socket, is not its concern.
func makeRouter(host: some Host, keepAlive: Duration) -> Router<BasicRequestContext> {
    let router = Router()
    router.add(middleware: FailureMiddleware())
    let routes = Routes(group: router.group("v1"))
    routes.addStatusRoutes(host)
    routes.addPluginRoutes(host)
    routes.addDeviceRoutes(host)
    routes.addReadingRoutes(host)
    routes.addCommandRoutes(host)
    routes.addSettingsRoutes(host)
    routes.addLogRoutes(host, keepAlive: keepAlive)
    routes.addEventRoutes(host, keepAlive: keepAlive)
    routes.addAlertRoutes(host)
    routes.addQuarantineRoutes(host)
    routes.addChangeRoutes(host, keepAlive: keepAlive)
    routes.addReconcileRoutes(host)
    routes.addHomeRoutes(host)
    routes.addCatalogueRoutes(host)
    return router
}
