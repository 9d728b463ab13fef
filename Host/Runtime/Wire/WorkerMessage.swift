package import HostAPI

/// What a worker says: docs/worker-protocol.md, "Worker to host".
package enum WorkerMessage: Equatable, Sendable {
    case hello(Hello)
    case loaded(Loaded)
    case result(operation: UInt64, Answer)
    case pong(UInt64)
    case log(level: LogLevel, time: Timestamp, message: String, fields: String)
    case readings([WireReading])
    case dropped(readings: UInt64, logLines: UInt64)
    case devicePut(String)
    case deviceRemove(String)
    case deviceAvailability(device: String, Availability, reason: String)
    case alertRaise(key: String, AlertSeverity, title: String, detail: String)
    case alertClear(key: String)
    case stateSet(key: String, value: String)
    case stateRemove(key: String)
    case stateFlush(request: UInt64)
    case status(ReportedState, text: String)
    case subscribe(subscription: UInt64, pattern: String)
    case unsubscribe(subscription: UInt64)
    case call(request: UInt64, CommandRequest)
    case exec(run: UInt64, program: String, arguments: String)
    case execCancel(run: UInt64)

    package struct Hello: Equatable, Sendable {
        package var protocolVersion: UInt32
        package var abiMajor: UInt32
        package var abiMinor: UInt32
        package var processID: Int32
        /// `seccomp`, `no-new-privs`
        package var features: [String]
    }

    package struct Loaded: Equatable, Sendable {
        package var outcome: LoadOutcome
        package var message: String
        package var id: String
        package var version: String
        package var abi: (major: UInt32, minor: UInt32, minimumHostMinor: UInt32)
        package var microseconds: UInt64

        package static func == (left: Loaded, right: Loaded) -> Bool {
            left.outcome == right.outcome && left.message == right.message && left.id == right.id
                && left.version == right.version && left.abi == right.abi && left.microseconds == right.microseconds
        }
    }

    /// `HEARTH_STATE_*` of the C header.
    package enum ReportedState: UInt32, Sendable {
        case starting = 0
        case running = 1
        case degraded = 2
        case auth = 3
    }
}

extension WorkerMessage {
    /// - Throws: `ProtocolError` if the frame is not one that a worker may send.
    package init(_ frame: Frame) throws(ProtocolError) {
        let type = frame.type
        var payload = PayloadReader(frame)
        switch type {
        case 1:
            self = .hello(
                Hello(
                    protocolVersion: try payload.integer(),
                    abiMajor: try payload.integer(),
                    abiMinor: try payload.integer(),
                    processID: Int32(bitPattern: try payload.integer()),
                    features: try payload.text().split(separator: " ").map(String.init)
                )
            )
        case 2:
            self = .loaded(
                Loaded(
                    outcome: LoadOutcome(rawValue: try payload.text()),
                    message: try payload.text(),
                    id: try payload.text(),
                    version: try payload.text(),
                    abi: (try payload.integer(), try payload.integer(), try payload.integer()),
                    microseconds: try payload.integer()
                )
            )
        case 3: self = .result(operation: frame.id, try Answer(from: &payload))
        case 4: self = .pong(frame.id)
        case 5:
            let rank = Int(try payload.integer(UInt32.self))
            guard rank < LogLevel.allCases.count else { throw .invalidValue(type: type, "log level \(rank)") }
            self = .log(
                level: LogLevel.allCases[rank],
                time: Timestamp(milliseconds: try payload.integer()),
                message: try payload.text(),
                fields: try payload.text(.document)
            )
        case 6: self = .readings(try WireReading.read(from: &payload, type: type))
        case 7: self = .dropped(readings: try payload.integer(), logLines: try payload.integer())
        case 8: self = .devicePut(try payload.text(.document))
        case 9: self = .deviceRemove(try payload.text(.name))
        case 10:
            let device = try payload.text(.name)
            let rank = Int(try payload.integer(UInt32.self))
            guard rank < Availability.allCases.count else { throw .invalidValue(type: type, "availability \(rank)") }
            self = .deviceAvailability(device: device, Availability.allCases[rank], reason: try payload.text())
        case 11:
            let key = try payload.text(.name)
            let rank = Int(try payload.integer(UInt32.self))
            guard rank < AlertSeverity.allCases.count else { throw .invalidValue(type: type, "severity \(rank)") }
            self = .alertRaise(
                key: key,
                AlertSeverity.allCases[rank],
                title: try payload.text(),
                detail: try payload.text()
            )
        case 12: self = .alertClear(key: try payload.text(.name))
        case 13: self = .stateSet(key: try payload.text(.name), value: try payload.text(.value))
        case 14: self = .stateRemove(key: try payload.text(.name))
        case 15: self = .stateFlush(request: frame.id)
        case 16:
            let value = try payload.integer(UInt32.self)
            guard let state = ReportedState(rawValue: value) else { throw .invalidValue(type: type, "state \(value)") }
            self = .status(state, text: try payload.text())
        case 17: self = .subscribe(subscription: frame.id, pattern: try payload.text(.name))
        case 18: self = .unsubscribe(subscription: frame.id)
        case 19: self = .call(request: frame.id, try CommandRequest(from: &payload, type: type))
        case 20:
            self = .exec(
                run: frame.id,
                program: try payload.text(.name),
                arguments: try payload.text(.document)
            )
        case 21: self = .execCancel(run: frame.id)
        default: throw .unknownType(type)
        }
    }
}

extension Answer {
    init(from payload: inout PayloadReader) throws(ProtocolError) {
        self.init(
            status: PluginStatus(rawValue: try payload.integer()),
            json: try payload.text(.document),
            message: try payload.text()
        )
    }
}

extension CommandRequest {
    init(from payload: inout PayloadReader, type: UInt16) throws(ProtocolError) {
        let timeout = Int(try payload.integer(UInt32.self))
        let plugin = try payload.text(.name)
        let device = try payload.text(.name)
        let command = try payload.text(.name)
        let text = try payload.text(.document)
        guard let arguments = try? JSONValue(parsing: text.isEmpty ? "{}" : text), case .object(let members) = arguments
        else { throw .invalidValue(type: type, "arguments that are not a JSON object") }
        self.init(
            plugin: plugin,
            device: device.isEmpty ? nil : device,
            command: command,
            arguments: members,
            timeoutMilliseconds: timeout == 0 ? nil : timeout
        )
    }
}
