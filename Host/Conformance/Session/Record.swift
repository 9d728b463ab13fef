import HostAPI
import Runtime

/// What a worker said and printed, as far as the checks look at it. Bounded, however much that is.
struct Record: Sendable {
    /// How many of a kind are kept; more are only counted.
    static let keptCount = 2_000

    var loaded: WorkerMessage.Loaded?
    /// Lines on stdout and stderr.
    var printed: [String] = []
    var printedErrors: [String] = []
    var printedCount = 0
    var logCount = 0
    var readings: [WireReading] = []
    var readingCount = 0
    var droppedReadings: UInt64 = 0
    var droppedLogLines: UInt64 = 0
    /// The latest announcement of each device, and the texts that announce none.
    var devices: [String: [String: JSONValue]] = [:]
    var brokenAnnouncements: [String] = []
    var state: [String: String] = [:]
    /// What it said beside answers and log lines: how often, and the last.
    var activityCount = 0
    var lastActivity = ""
    /// What it asked the host for without a permission.
    var refused: [String] = []
    /// It broke the protocol, or does not read.
    var misbehaviour: String?

    mutating func take(_ message: WorkerMessage) {
        switch message {
        case .loaded(let loaded): self.loaded = loaded
        case .log: logCount += 1
        case .dropped(let readings, let lines):
            droppedReadings = readings
            droppedLogLines = lines
        case .hello, .result, .pong, .unsubscribe, .execCancel: break
        default:
            activityCount += 1
            takeActivity(message)
        }
    }

    private mutating func takeActivity(_ message: WorkerMessage) {
        switch message {
        case .readings(let batch):
            lastActivity = "a reading"
            readingCount += batch.count
            readings += batch.prefix(max(0, Self.keptCount - readings.count))
        case .devicePut(let text):
            lastActivity = "a device"
            takeDevice(text)
        case .deviceRemove(let device):
            lastActivity = "that the device \(device) is gone"
            devices[device] = nil
        case .deviceAvailability: lastActivity = "the availability of a device"
        case .alertRaise, .alertClear: lastActivity = "an alert"
        case .stateSet(let key, let value):
            lastActivity = "a value to remember"
            state[key] = value
        case .stateRemove(let key):
            lastActivity = "a value to forget"
            state[key] = nil
        case .status(_, let text): lastActivity = "how it is: \(text)"
        default: lastActivity = "a request to the host"
        }
    }

    private mutating func takeDevice(_ text: String) {
        guard let members = (try? JSONValue(parsing: text))?.objectValue, let id = members["id"]?.stringValue,
            devices[id] != nil || devices.count < Self.keptCount
        else {
            if brokenAnnouncements.count < Self.keptCount { brokenAnnouncements.append(text) }
            return
        }
        devices[id] = members
    }

    mutating func take(printed line: String, isError: Bool) {
        printedCount += 1
        if isError {
            if printedErrors.count < Self.keptCount { printedErrors.append(line) }
        } else {
            if printed.count < Self.keptCount { printed.append(line) }
        }
    }
}
