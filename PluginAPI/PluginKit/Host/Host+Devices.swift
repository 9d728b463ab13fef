import PluginAPI

extension Host {
    /// What there is in the home.
    public struct Devices: Sendable {
        /// Whether a device answers.
        public enum Availability: Int32, Sendable {
            case online
            case offline
            case unknown
        }

        let link: HostLink

        /// Adds or replaces a device.
        @discardableResult
        public func put(_ device: Device) -> Acceptance {
            let status = link.call(link.devices) { table, host in
                device.json.encoded().withHearthString { table.put(host, $0) }
            }
            return link.acceptance(status, of: "the device \(device.id)")
        }

        /// Says that a device is gone for good; its history stays.
        @discardableResult
        public func remove(_ id: String) -> Acceptance {
            let status = link.call(link.devices) { table, host in
                id.withHearthString { table.remove(host, $0) }
            }
            return link.acceptance(status, of: "to remove the device \(id)")
        }

        /// Says whether a device answers, with a sentence if it does not.
        @discardableResult
        public func setAvailability(_ availability: Availability, of id: String, reason: String = "") -> Acceptance {
            let status = link.call(link.devices) { table, host in
                withHearthStrings(id, reason) { table.set_availability(host, $0, availability.rawValue, $1) }
            }
            return link.acceptance(status, of: "the availability of \(id)")
        }
    }
}
