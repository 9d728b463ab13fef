import HostAPI

/// Reads files over the web: follows redirects, tries again, says what went wrong.
struct WebReader: Sendable {
    static let tries = 3
    static let redirectLimit = 5
    /// A server that wants to be left alone for longer is asked again another time.
    static let longestPause = Duration.seconds(10)

    let client: WebClient
    let clock: RegistryClock

    /// Asks until there is an answer, at most three times.
    ///
    /// - Returns: An answer with status 200, whose body is with the receiver, or 304.
    /// - Throws: What the last try met.
    func read(_ request: WebRequest, into body: any BodyReceiver) async throws(RegistryProblem) -> WebAnswer {
        var attempt = 1
        while true {
            do throws(RegistryProblem) {
                return try await follow(request, into: body)
            } catch {
                guard case .transient(let pause) = error.kind, attempt < Self.tries else { throw error }
                let wait = max(pause ?? .zero, .milliseconds(750 * attempt))
                guard wait <= Self.longestPause else { throw error }
                do { try await clock.sleep(wait) } catch { throw .cancelled }
                attempt += 1
                try body.restart()
            }
        }
    }

    private func follow(_ request: WebRequest, into body: any BodyReceiver) async throws(RegistryProblem) -> WebAnswer {
        var request = request
        for _ in 0...Self.redirectLimit {
            let answer = try await client.carryOut(request, into: body)
            guard [301, 302, 303, 307, 308].contains(answer.status) else {
                try Self.check(answer, request.address)
                return answer
            }
            request.address = try Self.target(of: answer, from: request.address)
        }
        throw RegistryProblem(.unusable, "\(request.address) redirects more than \(Self.redirectLimit) times.")
    }

    private static func target(of answer: WebAnswer, from address: WebAddress) throws(RegistryProblem) -> WebAddress {
        guard let location = answer.location else {
            throw RegistryProblem(.unusable, "\(address) redirects, but does not say where to.")
        }
        do throws(WebAddress.Misfit) {
            return try address.resolving(location)
        } catch {
            let message = "\(address) redirects to \"\(location.excerpt)\", which \(error.message)."
            throw RegistryProblem(.unusable, message)
        }
    }

    private static func check(_ answer: WebAnswer, _ address: WebAddress) throws(RegistryProblem) {
        let message = "\(address) answers with status \(answer.status)"
        switch answer.status {
        case 200, 304: return
        case 404, 410: throw RegistryProblem(.absent, "\(message): there is no such file.")
        case 401, 403:
            throw RegistryProblem(
                .unusable,
                "\(message): it refuses access.",
                hint: "Some servers do so for a while only"
            )
        case 408: throw RegistryProblem(.transient(pause: nil), "\(message): it waited too long.")
        case 429:
            let wish = answer.pause.map { " Ask again in \($0.components.seconds) s." } ?? ""
            throw RegistryProblem(.transient(pause: answer.pause), "\(message): it is asked too often.\(wish)")
        case 500...: throw RegistryProblem(.transient(pause: answer.pause), "\(message): it has a problem of its own.")
        default: throw RegistryProblem(.unusable, "\(message), which is not an answer to the question.")
        }
    }
}
