import HTTPTypes
import HostAPI
import Hummingbird

/// Where routes are added, so that all of them decode, call and encode in the same way.
struct Routes {
    enum Method {
        case get
        case post
        case put
        case delete
    }

    private let group: RouterGroup<BasicRequestContext>

    init(group: RouterGroup<BasicRequestContext>) {
        self.group = group
    }

    /// Adds a route that answers with JSON. Its path is below `/v1`; a part that begins with a colon stands for any.
    /// Query members other than `names` are refused.
    func on<Answer: Encodable & SendableMetatype>(
        _ method: Method,
        _ path: String,
        query names: String...,
        answer: @escaping @Sendable (Call) async throws(Failure) -> Answer
    ) {
        add(method, path, names) { call throws(Failure) in
            try Response.json(try await answer(call))
        }
    }

    /// Adds a GET route that makes its response by itself.
    func onGet(
        _ path: String,
        query names: String...,
        respond: @escaping @Sendable (Call) async throws(Failure) -> Response
    ) {
        add(.get, path, names, respond)
    }

    private func add(
        _ method: Method,
        _ path: String,
        _ names: [String],
        _ respond: @escaping @Sendable (Call) async throws(Failure) -> Response
    ) {
        group.on(RouterPath(path), method: method.http) { request, context in
            try await respond(Call(request: request, context: context, queryNames: names))
        }
    }
}

extension Routes.Method {
    fileprivate var http: HTTPRequest.Method {
        switch self {
        case .get: .get
        case .post: .post
        case .put: .put
        case .delete: .delete
        }
    }
}
