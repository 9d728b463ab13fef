/// The modules of time: the wall clock, schedules, the countdown; and the cloud, which is never there.
extension KasaDevice {
    mutating func time(_ call: KasaCall) throws(KasaFailure) -> JSON {
        let now = CalendarTime(wallSeconds: call.moment.wallSeconds + clockOffset)
        switch call.command {
        case "get_time":
            return [
                "year": .integer(now.year), "month": .integer(now.month), "mday": .integer(now.day),
                "hour": .integer(now.hour), "min": .integer(now.minute), "sec": .integer(now.second),
            ]
        case "get_timezone":
            return ["index": 38]  // UTC in the firmware's table
        case "set_time", "set_timezone":
            let hour = try call.integer("hour", in: 0...23, default: now.hour)
            let minute = try call.integer("min", in: 0...59, default: now.minute)
            let second = try call.integer("sec", in: 0...59, default: now.second)
            clockOffset += Double((hour - now.hour) * 3_600 + (minute - now.minute) * 60 + second - now.second)
            return [:]
        default:
            throw .memberNotSupported
        }
    }

    mutating func schedule(_ call: KasaCall) throws(KasaFailure) -> JSON {
        var list = rules[call.module] ?? []
        defer { rules[call.module] = list }
        switch call.command {
        case "get_rules": return ["rule_list": .array(list), "version": 2, "enable": 1]
        case "get_next_action": return ["type": -1]
        case "get_daystat": return ["day_list": []]
        case "get_monthstat": return ["month_list": []]
        case "add_rule":
            guard call.argument["name"]?.string != nil else { throw .invalidArgument }
            guard list.count < 32 else { throw .tableIsFull }
            var rule = call.argument
            rule["id"] = .string(makeRuleID())
            list.append(rule)
            return ["id": rule["id"] ?? .null]
        case "edit_rule":
            guard let index = list.firstIndex(where: { $0["id"] == call.argument["id"] }) else {
                throw .entryDoesNotExist
            }
            list[index] = call.argument
        case "delete_rule":
            guard let index = list.firstIndex(where: { $0["id"] == call.argument["id"] }) else {
                throw .entryDoesNotExist
            }
            list.remove(at: index)
        case "delete_all_rules": list = []
        case "set_overall_enable": _ = try call.flag("enable")
        default: throw .memberNotSupported
        }
        return [:]
    }

    /// `count_down`: one rule an outlet, and it is carried out.
    mutating func countDown(_ call: KasaCall) throws(KasaFailure) -> JSON {
        let index = call.outlets[0]
        let countdown = outlets[index].countdown
        switch call.command {
        case "get_rules":
            return ["rule_list": .array(countdown.map { [$0.rule(at: call.moment)] } ?? [])]
        case "add_rule":
            guard countdown == nil else { throw .tableIsFull }
            let new = try makeCountdown(call, id: makeRuleID())
            outlets[index].countdown = new
            return ["id": .string(new.id)]
        case "edit_rule":
            guard let countdown, countdown.id == call.argument["id"]?.string else { throw .entryDoesNotExist }
            outlets[index].countdown = try makeCountdown(call, id: countdown.id)
        case "delete_rule":
            guard countdown?.id == call.argument["id"]?.string else { throw .entryDoesNotExist }
            outlets[index].countdown = nil
        case "delete_all_rules":
            outlets[index].countdown = nil
        default:
            throw .memberNotSupported
        }
        return [:]
    }

    func cloud(_ call: KasaCall) throws(KasaFailure) -> JSON {
        guard call.command == "get_info" else { throw .memberNotSupported }
        return [
            "username": "", "server": "devs.tplinkcloud.com", "binded": 0, "cld_connection": 0, "illegalType": -1,
            "tcspStatus": -1, "fwDlPage": "", "tcspInfo": "", "stopConnect": -1, "fwNotifyType": 0,
        ]
    }

    private func makeCountdown(_ call: KasaCall, id: String) throws(KasaFailure) -> Countdown {
        let delay = try call.integer("delay", in: 1...86_400)
        let isEnabled = try call.flag("enable")
        return Countdown(
            id: id,
            name: call.argument["name"]?.string ?? "",
            delay: delay,
            turnsOn: try call.flag("act"),
            due: isEnabled ? call.moment.wallSeconds + Double(delay) : nil
        )
    }

    private mutating func makeRuleID() -> String {
        nextRule += 1
        return noise.digits(32, place: 100 + nextRule)
    }
}

extension Countdown {
    fileprivate func rule(at moment: Moment) -> JSON {
        [
            "id": .string(id), "name": .string(name), "enable": .integer(due == nil ? 0 : 1),
            "delay": .integer(delay), "act": .integer(turnsOn ? 1 : 0),
            "remain": .integer(due.map { max(0, Int($0 - moment.wallSeconds)) } ?? 0),
        ]
    }
}
