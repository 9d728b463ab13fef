import HostAPI
import Manifests
import Runtime

/// What it announces and measures fits together.
struct AnnouncementsCheck: Check {
    let name = "announcements"
    let group = CheckGroup.manners
    let purpose = "devices are announced as the header says, and readings belong to them"
    let need = Need.running

    func verdict(on bench: Bench) async -> Verdict {
        guard let idle = await bench.idleObservation() else { return .skipped("no worker could be started") }
        let record = idle.record
        let mend = "hearth.devices/1 and hearth.readings/1 in plugin_api.h say what belongs into them"
        if let text = record.brokenAnnouncements.first {
            return .failed("this announces no device: \(text.prefix(100))", mend: mend)
        }
        for (id, device) in record.devices.sorted(by: { $0.key < $1.key }) {
            if let problem = DeviceRules.problem(device) { return .failed("the device \(id): \(problem)", mend: mend) }
        }
        var warning: String?
        for reading in record.readings {
            switch DeviceRules.verdict(reading, devices: record.devices, now: .now) {
            case .wrong(let problem): return .failed(problem, mend: mend)
            case .odd(let problem): warning = warning ?? problem
            case .right: break
            }
        }
        if let warning { return .warning(warning, mend: mend) }
        return .passed("\(counted(record.devices.count, "device")), \(counted(record.readingCount, "reading"))")
    }
}

/// The rules of `hearth.devices/1` and `hearth.readings/1` that a worker does not check. Pure.
enum DeviceRules {
    enum Judgement: Equatable {
        case right
        case odd(String)
        case wrong(String)
    }

    private static let kinds = ["number", "boolean", "text"]

    /// The first thing that is wrong with an announcement; nil if nothing is.
    static func problem(_ device: [String: JSONValue]) -> String? {
        for key in ["name", "kind", "model", "parent", "address", "firmware"] {
            guard let value = device[key], value != .null, value.stringValue == nil else { continue }
            return "\"\(key)\" is \(value.kindName), not a text"
        }
        var known: Set<String> = []
        for entity in device["entities"]?.arrayValue ?? [] {
            guard let id = entity["id"]?.stringValue, isEntityID(id) else {
                return
                    "an entity's id is \(entity["id"]?.text ?? "missing"); it is made of lower-case letters, digits, _ and -"
            }
            guard known.insert(id).inserted else { return "the entity \(id) is there twice" }
            let kind = entity["kind"] ?? .string("number")
            guard kinds.contains(kind.stringValue ?? "") else {
                return "the entity \(id) has the kind \(kind.text); it is number, boolean or text"
            }
        }
        return commandsProblem(device["commands"])
    }

    private static func commandsProblem(_ commands: JSONValue?) -> String? {
        var known: Set<String> = []
        for command in commands?.arrayValue ?? [] {
            guard let name = command["name"]?.stringValue, !name.isEmpty else { return "a command has no name" }
            guard known.insert(name).inserted else { return "the command \(name) is there twice" }
            guard let arguments = command["arguments"], arguments != .null else { continue }
            do {
                _ = try SettingsSchema(parsing: arguments.text, file: "arguments of \(name)")
            } catch {
                return "\(error)"
            }
        }
        return nil
    }

    private static func isEntityID(_ id: String) -> Bool {
        id.utf8.count <= 64 && (id.utf8.first.map { (0x61...0x7A).contains($0) } ?? false)
            && id.utf8.allSatisfy {
                (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F || $0 == 0x2D
            }
    }

    static func verdict(
        _ reading: WireReading,
        devices: [String: [String: JSONValue]],
        now: Timestamp
    ) -> Judgement {
        let name = "\(reading.device)/\(reading.entity)"
        guard let device = devices[reading.device] else {
            return .wrong("a reading of \(name), but no device \(reading.device) was announced")
        }
        if reading.reading.time.milliseconds > now.milliseconds + 86_400_000 {
            return .wrong("a reading of \(name) is from the future: \(reading.reading.time)")
        }
        let entity = device["entities"]?.arrayValue?.first { $0["id"]?.stringValue == reading.entity }
        guard let entity else { return .odd("a reading of \(name), but the device has no entity of that name") }
        let declared = entity["kind"]?.stringValue ?? "number"
        let kind: String? =
            switch reading.reading.value {
            case .number: "number"
            case .boolean: "boolean"
            case .text: "text"
            case .unknown: nil
            }
        guard let kind, kind != declared else { return .right }
        return .odd("a reading of \(name) is a \(kind), but the entity is announced as \(declared)")
    }
}
