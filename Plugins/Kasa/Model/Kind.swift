/// What sort of device it is, as `hostctl devices` shows it.
enum Kind: String, Sendable {
    case plug
    case strip
    case outlet
    case dimmer
    case bulb
    case `switch`
}

extension SystemInfo {
    /// Told from the type and the vendor's product name: there is no field that says it. An unknown type counts as a plug.
    var kind: Kind {
        let words = (productName ?? "").lowercased().split(separator: " ")
        let isBulb = type?.lowercased().hasSuffix("smartbulb") ?? false
        if words.contains("dimmer") { return .dimmer }
        if outlets != nil { return .strip }
        if isBulb || light != nil { return .bulb }
        return words.contains("light") ? .switch : .plug
    }
}
