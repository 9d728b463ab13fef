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
        let product = productName?.lowercased() ?? ""
        let type = type?.lowercased() ?? ""
        if product.contains("dimmer") { return .dimmer }
        if outlets != nil { return .strip }
        if light != nil || type.contains("smartbulb") { return .bulb }
        return product.contains("light") ? .switch : .plug
    }
}
