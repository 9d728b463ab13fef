extension SystemInfo {
    /// The device's id as the host takes it; nil if the device gives none, or none that can be one.
    var identity: String? { deviceID.flatMap { Self.isIdentifier($0) ? $0 : nil } }

    /// The id of a strip's outlet as the host takes it, nil if it cannot be one.
    ///
    /// Some firmwares count outlets `00`, `01`, others put the strip's id in front. Both come out as the longer form, so
    /// that an update of the firmware does not make a new device of it. Whatever else an id may be, it is only certain
    /// to be unique within its strip: then the outlet's place counts.
    func identity(of outlet: Outlet) -> String? {
        guard let identity, let place = outlets?.firstIndex(where: { $0.id == outlet.id }) else { return nil }
        let long = outlet.id.hasPrefix(identity) ? outlet.id : identity + outlet.id
        let counted = identity + (place < 10 ? "0\(place)" : "\(place)")
        return [long, counted].first(where: Self.isIdentifier)
    }

    /// `[A-Za-z0-9._:-]{1,64}`
    private static func isIdentifier(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                    UInt8(ascii: "0")...UInt8(ascii: ":"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }
}
