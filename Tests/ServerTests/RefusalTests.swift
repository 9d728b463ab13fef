import FoundationEssentials
import HostAPI
import Testing

@testable import Server

/// What is wrong with a request is said by the answer.
@Suite(.timeLimit(.minutes(1)))
struct RefusalTests {
    @Test(arguments: [
        Failure.Code.invalidArgument, .denied, .noSuchPlugin, .noSuchDevice, .noSuchCommand, .noSuchSeries, .notFound,
        .notRunning, .conflict, .needsConsent, .undone, .invalidSettings, .unsupported, .commandFailed, .auth, .busy,
        .unreachable, .timedOut,
        .internalError, Failure.Code(rawValue: "from-a-newer-host"),
    ])
    func answersWithTheHostsFailure(_ code: Failure.Code) async throws {
        let failure = Failure(code, "It went wrong at a/b.", hint: "Try again.")
        try await Serving.run { serving in
            serving.host.change { $0.failure = failure }
            for target in ["/v1/status", "/v1/events", "/v1/plugins/kasa/logs?follow=true"] {
                let answer = try await serving.get(target)
                #expect(try answer.failure() == failure)
                #expect(answer.head.contains("Content-Type: application/json"))
                #expect(answer.head.contains("Cache-Control: no-store"))
            }
        }
    }

    @Test
    func neverSaysCancelled() async throws {
        try await Serving.run { serving in
            serving.host.change { $0.failure = Failure(.cancelled, "secret") }
            let failure = try await serving.get("/v1/status").failure()
            #expect(failure.code == .internalError)
            #expect(!failure.description.contains("secret"))
        }
    }

    @Test(arguments: [
        ("GET", "/v1/plugin"), ("GET", "/"), ("GET", "/v2/status"), ("DELETE", "/v1/status"), ("HEAD", "/v1/status"),
        ("POST", "/v1/plugins/kasa/settings"), ("POST", "/v1/plugins/kasa/logs"), ("GET", "/v1/plugins/kasa/start"),
        ("GET", "/v1/plugins/kasa/settings/more"), ("PATCH", "/v1/commands"), ("GET", "/v1/reconcile"),
        ("DELETE", "/v1/changes/12"), ("GET", "/v1/changes/12/abort"), ("POST", "/v1/home/export"),
        ("GET", "/v1/home"),
    ])
    func knowsNoSuchRoute(method: String, target: String) async throws {
        try await Serving.run { serving in
            let answer = try await serving.ask(method, target)
            #expect(answer.status == 404)
            if method != "HEAD" {
                let failure = try answer.failure()
                #expect(failure.code == .notFound)
                #expect(failure.message.contains("\(method) \(target)"))
            }
            #expect(serving.host.asked == [])
        }
    }

    @Test(arguments: [
        ("/v1/status?x=1", "\"x\""),
        ("/v1/devices?plugni=kasa", "Did you mean \"plugin\"?"),
        ("/v1/devices?plugin=a&plugin=b", "\"plugin\" more than once"),
        ("/v1/devices?plugin=%4", "plugin=%4"),
        ("/v1/devices?plugin=%FF", "plugin=%FF"),
        ("/v1/plugins/%zz", "%zz"),
        ("/v1/readings", "\"series\""),
        ("/v1/readings?series=", "\"series\""),
        ("/v1/readings?series=s&limit=0", "from 1 to 100000"),
        ("/v1/readings?series=s&limit=100001", "\"limit\""),
        ("/v1/readings?series=s&limit=ten", "\"ten\""),
        ("/v1/readings?series=s&since=yesterday", "\"since\""),
        ("/v1/readings?series=s&until=2026-03-01", "\"until\""),
        ("/v1/plugins/kasa/logs?level=loud", "debug, info, warning, error, critical"),
        ("/v1/plugins/kasa/logs?limit=-1", "\"limit\""),
        ("/v1/plugins/kasa/logs?limit=10001", "\"limit\""),
        ("/v1/plugins/kasa/logs?follow=1", "\"follow\""),
        ("/v1/alerts?all=yes", "\"all\""),
        ("/v1/alerts?all", "\"all\""),
        ("/v1/changes?limit=0", "from 1 to 1000"),
        ("/v1/changes?limit=1001", "\"limit\""),
        ("/v1/changes?plugins=kasa", "Did you mean \"plugin\"?"),
        ("/v1/changes/0", "not \"0\""),
        ("/v1/changes/-1", "not \"-1\""),
        ("/v1/changes/last", "hostctl changes"),
        ("/v1/changes/9223372036854775808", "whole number"),
        ("/v1/changes/x/watch", "not \"x\""),
        ("/v1/catalogue?word=x", "Did you mean \"words\"?"),
        ("/v1/events?after=-1", "\"after\""),
        ("/v1/events?after=18446744073709551616", "\"after\""),
    ])
    func refusesAWrongValue(target: String, named: String) async throws {
        try await Serving.run { serving in
            let failure = try await serving.get(target).failure()
            #expect(failure.code == .invalidArgument)
            #expect(failure.description.contains(named))
            #expect(serving.host.asked == [])
        }
    }

    @Test
    func refusesAnUnknownAction() async throws {
        try await Serving.run { serving in
            let failure = try await serving.ask("POST", "/v1/plugins/kasa/strat").failure()
            #expect(
                failure == Failure(.invalidArgument, "There is no action \"strat\".", hint: "Did you mean \"start\"?")
            )
        }
    }

    @Test
    func refusesALastEventIDThatIsNoNumber() async throws {
        try await Serving.run { serving in
            let failure = try await serving.ask("GET", "/v1/events", headers: ["Last-Event-ID: x"]).failure()
            #expect(failure.code == .invalidArgument)
            #expect(failure.message.contains("Last-Event-ID"))
        }
    }

    @Test(arguments: [
        ("", "needs a body"),
        ("{", "not valid JSON"),
        ("{\"plugin\":\"\u{0}\"}", "the text at /plugin has a control character"),
        (#"{"plugin":"kasa"}"#, "/command"),
        (#"{"plugin":1,"command":"c"}"#, "/plugin"),
        (#"{"plugin":"kasa","command":"c","arguments":[]}"#, "/arguments"),
        (#"{"plugin":"kasa","command":"c","timeoutMilliseconds":0}"#, "timeoutMilliseconds"),
        (#"{"plugin":"kasa","command":"c","timeoutMilliseconds":600001}"#, "timeoutMilliseconds"),
        (#"{"plugin":"kasa","command":"c","timeoutMilliseconds":1.5}"#, "A number"),
        ("[]", "its top"),
    ])
    func refusesAWrongBody(body: String, named: String) async throws {
        try await Serving.run { serving in
            let failure = try await serving.ask("POST", "/v1/commands", body: body).failure()
            #expect(failure.code == .invalidArgument)
            #expect(failure.message.contains(named))
            #expect(serving.host.asked == [])
        }
    }

    @Test(arguments: [
        (#"{"plugin":1,"command":"c"}"#, "The body has to be a text at /plugin, it is an integer."),
        (#"{"plugin":1e999,"command":"c"}"#, number("/plugin")),
        (#"1e999"#, number("its top")),
        (arguments("1e999"), number("/arguments/a")),
        (arguments(#"[1,{"b":-1e999}]"#), number("/arguments/a/1/b")),
        (arguments(#""\ud800""#), text("/arguments/a")),
        (arguments(#"["x\udc00"]"#), text("/arguments/a/0")),
        (arguments(#"{"\ud800":1}"#), text("/arguments/a")),
        (#"{"plugin":"\ud800","command":"c"}"#, text("/plugin")),
        (
            #"{"plugin":"kasa","command":"c","arguments":[]}"#,
            "The body has to be an object at /arguments, it is an array."
        ),
        (
            #"{"plugin":"kasa","command":"c","timeoutMilliseconds":"1"}"#,
            "The body has to be a whole number at /timeoutMilliseconds, it is a text."
        ),
        (#"{"plugin":null,"command":"c"}"#, "The body's member /plugin must not be null."),
        ("[]", "The body has to be an object at its top, it is an array."),
    ])
    func saysWhatIsWrongWithABodyInPlainWords(body: String, said: String) async throws {
        try await Serving.run { serving in
            let failure = try await serving.ask("POST", "/v1/commands", body: body).failure()
            #expect(failure == Failure(.invalidArgument, said))
            #expect(serving.host.asked == [])
        }
    }

    private static func number(_ place: String) -> String {
        "The body cannot be read: the number at \(place) is malformed or too large."
    }

    private static func text(_ place: String) -> String {
        "The body cannot be read: the text at \(place) has a control character, an unknown escape, "
            + "or half of a surrogate pair."
    }

    private static func arguments(_ value: String) -> String {
        #"{"plugin":"kasa","command":"c","arguments":{"a":\#(value)}}"#
    }

    @Test
    func saysThatABodyIsNotUTF8() throws {
        let failure = #expect(throws: Failure.self) {
            let _: CommandRequest = try Call.decode(Data(Array(#"{"plugin":"a"#.utf8) + [0xFF] + Array(#""}"#.utf8)))
        }
        #expect(failure == Failure(.invalidArgument, "The body is not UTF-8."))
    }

    @Test(arguments: [
        "/v1/plugins/kasa/", "/v1/alerts?all=", "/v1/alerts?", "/v1/alerts?%", "/v1/plugins/kasa/settings/",
    ])
    func doesNotRepeatALongValueWhole(target: String) async throws {
        try await Serving.run { serving in
            let long = String(repeating: "x", count: 5_000)
            let method = target == "/v1/plugins/kasa/" ? "POST" : "GET"
            let failure = try await serving.ask(method, target + long).failure()
            #expect(failure.message.contains("…"))
            #expect(failure.message.count < 250)
        }
    }

    @Test
    func refusesABodyOfAnotherType() async throws {
        try await Serving.run { serving in
            let headers = ["Content-Type: application/x-www-form-urlencoded"]
            let body = #"{"plugin":"kasa","command":"c"}"#
            let failure = try await serving.ask("POST", "/v1/commands", headers: headers, body: body).failure()
            #expect(failure.code == .invalidArgument)
            #expect(failure.hint?.contains("application/json") == true)
        }
    }

    @Test
    func takesABodyOfOneMebibyteAndNotMore() async throws {
        try await Serving.run { serving in
            let frame = #"{"document":""}"#
            let largest = String(repeating: "a", count: (1 << 20) - frame.utf8.count)
            let path = "/v1/plugins/kasa/settings"
            let answer = try await serving.ask("PUT", path, body: #"{"document":"\#(largest)"}"#)
            #expect(answer.status == 200)
            let failure = try await serving.ask("PUT", path, body: #"{"document":"a\#(largest)"}"#).failure()
            #expect(failure == Failure(.invalidArgument, "The body is larger than 1048576 bytes."))
            #expect(serving.host.asked.count == 1)
        }
    }

    @Test
    func decodesWhatIsPercentEncoded() async throws {
        try await Serving.run { serving in
            let failure = try await serving.get("/v1/plugins/K%C3%BCche%2F..%20%25").failure()
            #expect(failure.code == .noSuchPlugin)
            #expect(serving.host.asked == ["plugin Küche/.. %"])
        }
    }

    @Test
    func closesTheConnectionOnWhatIsNotHTTP() async throws {
        try await Serving.run { serving in
            let answer = try await Connection.open(serving.socketPath) { connection in
                try await connection.send("hello\r\n\r\n")
                return Answer(try await connection.receiveAll())
            }
            #expect(answer.status == 400)
            #expect(serving.host.asked == [])
        }
    }
}
