package import HostAPI

/// What the host says to a worker: docs/worker-protocol.md, "Host to worker".
package enum HostMessage: Equatable, Sendable {
    case load(Load)
    case state(key: String, value: String)
    case start(operation: UInt64, revision: UInt64, settings: String)
    case stop(operation: UInt64)
    case apply(operation: UInt64, scope: UInt32, revision: UInt64, settings: String, changes: String)
    case command(operation: UInt64, timeoutMilliseconds: UInt32, device: String, name: String, arguments: String)
    case health(operation: UInt64)
    case ping(UInt64)
    case logLevel(LogLevel)
    case exit
    case answer(request: UInt64, Answer)
    case subscriptionReadings(subscription: UInt64, [WireReading])
    case execOutput(run: UInt64, stream: UInt32, [UInt8])

    package struct Load: Equatable, Sendable {
        package var isProbe: Bool
        package var logLevel: LogLevel
        package var id: String
        package var version: String
        package var entryPath: String
        package var packageDirectory: String
        package var dataDirectory: String

        package init(
            isProbe: Bool,
            logLevel: LogLevel,
            id: String,
            version: String,
            entryPath: String,
            packageDirectory: String,
            dataDirectory: String
        ) {
            self.isProbe = isProbe
            self.logLevel = logLevel
            self.id = id
            self.version = version
            self.entryPath = entryPath
            self.packageDirectory = packageDirectory
            self.dataDirectory = dataDirectory
        }
    }

    package var frame: Frame {
        var payload: [UInt8] = []
        switch self {
        case .load(let load):
            payload.append(littleEndian: UInt32(load.isProbe ? 1 : 0))
            payload.append(littleEndian: UInt32(load.logLevel.rank))
            payload.append(text: load.id)
            payload.append(text: load.version)
            payload.append(text: load.entryPath)
            payload.append(text: load.packageDirectory)
            payload.append(text: load.dataDirectory)
            return Frame(type: 64, payload: payload)
        case .state(let key, let value):
            payload.append(text: key)
            payload.append(text: value)
            return Frame(type: 65, payload: payload)
        case .start(let operation, let revision, let settings):
            payload.append(littleEndian: revision)
            payload.append(text: settings)
            return Frame(type: 66, id: operation, payload: payload)
        case .stop(let operation): return Frame(type: 67, id: operation)
        case .apply(let operation, let scope, let revision, let settings, let changes):
            payload.append(littleEndian: scope)
            payload.append(littleEndian: revision)
            payload.append(text: settings)
            payload.append(text: changes)
            return Frame(type: 68, id: operation, payload: payload)
        case .command(let operation, let timeout, let device, let name, let arguments):
            payload.append(littleEndian: timeout)
            payload.append(text: device)
            payload.append(text: name)
            payload.append(text: arguments)
            return Frame(type: 69, id: operation, payload: payload)
        case .health(let operation): return Frame(type: 70, id: operation)
        case .ping(let id): return Frame(type: 71, id: id)
        case .logLevel(let level):
            payload.append(littleEndian: UInt32(level.rank))
            return Frame(type: 72, payload: payload)
        case .exit: return Frame(type: 73)
        case .answer(let request, let answer):
            payload.append(littleEndian: answer.status.rawValue)
            payload.append(text: answer.json)
            payload.append(text: answer.message)
            return Frame(type: 74, id: request, payload: payload)
        case .subscriptionReadings(let subscription, let readings):
            WireReading.write(readings, to: &payload)
            return Frame(type: 75, id: subscription, payload: payload)
        case .execOutput(let run, let stream, let bytes):
            payload.append(littleEndian: stream)
            payload.append(field: bytes)
            return Frame(type: 76, id: run, payload: payload)
        }
    }
}
