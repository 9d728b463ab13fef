import HTTPTypes
import HostAPI
import Hummingbird
import Logging

/// Makes every error of a route the failure that `docs/api.md` promises.
struct FailureMiddleware: RouterMiddleware {
    func handle(
        _ request: Request,
        context: BasicRequestContext,
        next: @concurrent (Request, BasicRequestContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as HTTPError where error.status == .notFound {
            return Response(
                Failure(
                    .notFound,
                    "There is no route \(request.method.rawValue) \(request.uri.path)".excerpt,
                    hint: "docs/api.md lists the routes."
                )
            )
        } catch {
            return Response(Failure(telling: error, logger: context.logger))
        }
    }
}

extension Failure {
    /// What a client is told of an error: a failure as it is; anything else goes to the log, and only that it happened
    /// to the client.
    init(telling error: any Error, logger: Logger) {
        if let failure = (error as? any FailureConvertible)?.failure, failure.code != .cancelled {
            self = failure
        } else {
            logger.error("A request failed by a defect of the host: \(error)")
            self = Failure(
                .internalError,
                "The host failed to answer, because of a defect in it.",
                hint: "The log of hostd says more."
            )
        }
    }
}
