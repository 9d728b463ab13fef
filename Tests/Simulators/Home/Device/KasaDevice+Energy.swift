/// The module `emeter`, for bulbs `smartlife.iot.common.emeter`.
extension KasaDevice {
    mutating func energy(_ call: KasaCall) throws(KasaFailure) -> JSON {
        // A strip without a context tells of its first outlet.
        let index = call.outlets[0]
        guard let meter = outlets[index].meter else { throw .memberNotSupported }
        switch call.command {
        case "get_realtime":
            return realtime(meter, outlet: index, at: call.moment)
        case "get_daystat":
            let year = try call.integer("year", in: 1_970...9_999)
            let month = try call.integer("month", in: 1...12)
            return ["day_list": dayList(meter, year: year, month: month, at: call.moment)]
        case "get_monthstat":
            let year = try call.integer("year", in: 1_970...9_999)
            return ["month_list": monthList(meter, year: year, at: call.moment)]
        case "erase_emeter_stat":
            for index in call.outlets { outlets[index].meter?.erase() }
            return [:]
        default:
            throw .memberNotSupported
        }
    }

    private func realtime(_ meter: EnergyMeter, outlet index: Int, at moment: Moment) -> JSON {
        let watts = light?.watts ?? meter.watts(isOn: outlets[index].isOn, at: moment)
        let volts = meter.volts(at: moment)
        let amperes = watts / volts
        var reading: JSON = [:]
        switch model.meter {
        case .wholeUnits:
            reading["current"] = .double(amperes.rounded(toPlaces: 6))
            reading["voltage"] = .double(volts.rounded(toPlaces: 6))
            reading["power"] = .double(watts.rounded(toPlaces: 6))
            reading["total"] = .double((meter.totalWattHours / 1_000).rounded(toPlaces: 3))
        case .milliUnits, .milliUnitsPerSlot:
            if case .milliUnitsPerSlot = model.meter { reading["slot_id"] = .integer(index) }
            reading["current_ma"] = .integer(Int(amperes * 1_000))
            reading["voltage_mv"] = .integer(Int(volts * 1_000))
            reading["power_mw"] = .integer(Int(watts * 1_000))
            reading["total_wh"] = .integer(Int(meter.totalWattHours))
        case .powerOnly, nil:
            reading["power_mw"] = .integer(Int(watts * 1_000))
        }
        return reading
    }

    private func dayList(_ meter: EnergyMeter, year: Int, month: Int, at moment: Moment) -> JSON {
        .array(
            meter.days(until: moment).compactMap { day in
                let date = CalendarTime(dayNumber: day)
                guard date.year == year, date.month == month else { return nil }
                let entry: JSON = ["year": .integer(year), "month": .integer(month), "day": .integer(date.day)]
                return entry.adding(energy: meter.wattHours(onDay: day), of: model)
            }
        )
    }

    private func monthList(_ meter: EnergyMeter, year: Int, at moment: Moment) -> JSON {
        var months: [Int: Double] = [:]
        for day in meter.days(until: moment) {
            let date = CalendarTime(dayNumber: day)
            if date.year == year { months[date.month, default: 0] += meter.wattHours(onDay: day) }
        }
        return .array(
            months.sorted { $0.key < $1.key }.map { month, wattHours in
                let entry: JSON = ["year": .integer(year), "month": .integer(month)]
                return entry.adding(energy: wattHours, of: model)
            }
        )
    }
}

extension JSON {
    fileprivate func adding(energy wattHours: Double, of model: KasaModel) -> JSON {
        var entry = self
        if case .wholeUnits = model.meter {
            entry["energy"] = .double((wattHours / 1_000).rounded(toPlaces: 3))
        } else {
            entry["energy_wh"] = .integer(Int(wattHours))
        }
        return entry
    }
}

extension Double {
    fileprivate func rounded(toPlaces places: Int) -> Double {
        let factor = (0..<places).reduce(1.0) { product, _ in product * 10 }
        return (self * factor).rounded() / factor
    }
}
