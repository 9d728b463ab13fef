import HostAPI
import Packages
import Registry
import TestSupport
import Testing

/// Real servers of somebody else: Python's, with and without TLS.
@Suite struct IndependentServerTests {
    /// Serves the files of a directory; writes its port, and a line for each request.
    private static let server = """
        import functools, http.server, ssl, sys
        class Handler(http.server.SimpleHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=sys.argv[1]))
        if len(sys.argv) > 2:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(sys.argv[2], sys.argv[3])
            server.socket = context.wrap_socket(server.socket, server_side=True)
        print(server.server_address[1], flush=True)
        server.serve_forever()
        """

    private static func with(
        _ arguments: [String],
        in scratch: ScratchDirectory,
        _ body: (Program, UInt16) async throws -> Void
    ) async throws {
        let program = try Program(
            "/usr/bin/env",
            ["python3", "-c", server, "\(scratch.path)/www"] + arguments,
            environment: ["PATH": "/usr/local/bin:/usr/bin:/bin"],
            outputIn: scratch.path,
            label: "server"
        )
        defer { program.kill() }
        let port = try await eventually("the port of the server") {
            program.output.split(separator: "\n").first.flatMap { UInt16($0) }
        }
        try await body(program, port)
    }

    private static func publish(_ scratch: ScratchDirectory) throws {
        try scratch.makeDirectory("www/packages")
        try scratch.makeDirectory("cache")
        let text = index(plugin("kasa", versions: version("1.0.0", file: "packages/kasa.so")))
        try TextFile.write(text, to: "\(scratch.path)/www/index.json")
        try TextFile.write("content", to: "\(scratch.path)/www/packages/kasa.so")
    }

    private static func client(
        _ url: String,
        _ scratch: ScratchDirectory,
        _ time: ManualClock,
        authorities: String? = nil
    ) throws -> RegistryClient {
        try RegistryClient(
            location: url,
            cacheDirectory: "\(scratch.path)/cache",
            hostVersion: "0.1.0",
            clock: time.clock,
            options: RegistryOptions(certificateAuthorities: authorities)
        )
    }

    @Test func pythonServesARegistry() async throws {
        let scratch = try ScratchDirectory(named: "python")
        defer { scratch.remove() }
        try Self.publish(scratch)
        let time = ManualClock()
        try await Self.with([], in: scratch) { program, port in
            let client = try Self.client("http://127.0.0.1:\(port)/", scratch, time)
            let first = await client.search()
            #expect(first.entries.map(\.id) == ["kasa"])
            time.advance(by: .seconds(1_000))
            let second = await client.search()
            #expect(second.entries == first.entries)
            #expect(second.fetchedAt == time.now)
            try await eventually("the answer that nothing has changed") {
                program.errors.contains(#""GET /index.json HTTP/1.1" 304"#)
            }
            let release = try await client.release(of: "kasa", version: nil)
            try await client.fetch(release, to: "\(scratch.path)/package") { _ in }
            #expect(scratch.contents("package") == "content")
        }
    }

    /// A certificate for 127.0.0.1 that vouches for itself.
    private static func makeCertificate(_ scratch: ScratchDirectory) async throws {
        let program = try Program(
            "/usr/bin/env",
            [
                "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                "-days",
                "2", "-subj", "/CN=registry", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout",
                "\(scratch.path)/key.pem", "-out", "\(scratch.path)/certificate.pem",
            ],
            environment: ["PATH": "/usr/local/bin:/usr/bin:/bin"],
            outputIn: scratch.path,
            label: "openssl"
        )
        let exit = try await program.wait()
        try #require(exit == .status(0), "\(program.errors)")
    }

    @Test func aTrustedCertificateIsEnoughAndAStrangersIsNot() async throws {
        let scratch = try ScratchDirectory(named: "tls")
        defer { scratch.remove() }
        try Self.publish(scratch)
        try await Self.makeCertificate(scratch)
        let time = ManualClock()
        let (certificate, key) = ("\(scratch.path)/certificate.pem", "\(scratch.path)/key.pem")
        try await Self.with([certificate, key], in: scratch) { program, port in
            let stranger = try Self.client("https://127.0.0.1:\(port)/index.json", scratch, time)
            let failed = await error { () throws(PackageCatalogueError) in
                _ = try await stranger.release(of: "kasa", version: nil)
            }
            #expect(try #require(failed).isUnreachable)
            #expect(try #require(failed).message.contains("The certificate of 127.0.0.1 is not trusted"))
            #expect(!program.errors.contains("GET"))
            #expect(time.pauses.isEmpty)

            let url = "https://127.0.0.1:\(port)/index.json"
            let friend = try Self.client(url, scratch, time, authorities: certificate)
            let release = try await friend.release(of: "kasa", version: nil)
            try await friend.fetch(release, to: "\(scratch.path)/package") { _ in }
            #expect(scratch.contents("package") == "content")
        }
    }

    @Test func nothingLeadsFromHTTPSToHTTP() async throws {
        let scratch = try ScratchDirectory(named: "downgrade")
        defer { scratch.remove() }
        try await Self.makeCertificate(scratch)
        try scratch.makeDirectory("www")
        try scratch.makeDirectory("cache")
        let plain = try RegistryServer { _ in .answer(200, [:], index(plugin("kasa"))) }
        defer { plain.stop() }
        let redirecting = Self.server.replacing(
            "protocol_version = \"HTTP/1.1\"",
            with: """
                def do_GET(self):
                        self.send_response(302)
                        self.send_header("Location", "\(plain.url)/index.json")
                        self.end_headers()
                """
        )
        #expect(redirecting != Self.server)
        let program = try Program(
            "/usr/bin/env",
            [
                "python3", "-c", redirecting, "\(scratch.path)/www", "\(scratch.path)/certificate.pem",
                "\(scratch.path)/key.pem",
            ],
            environment: ["PATH": "/usr/local/bin:/usr/bin:/bin"],
            outputIn: scratch.path,
            label: "server"
        )
        defer { program.kill() }
        let port = try await eventually("the port of the server") {
            program.output.split(separator: "\n").first.flatMap { UInt16($0) }
        }
        let client = try Self.client(
            "https://127.0.0.1:\(port)/index.json",
            scratch,
            ManualClock(),
            authorities: "\(scratch.path)/certificate.pem"
        )
        let failed = await error { () throws(PackageCatalogueError) in
            _ = try await client.release(of: "kasa", version: nil)
        }
        #expect(try #require(failed).message.contains("leads from https to http"))
        #expect(plain.requests.isEmpty)
    }
}
