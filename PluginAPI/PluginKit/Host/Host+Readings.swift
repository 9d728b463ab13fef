import PluginAPI

extension Host {
    /// What the devices measure.
    public struct Readings: Sendable {
        /// The most that the host takes in one batch.
        private static let batchLimit = 4096

        let link: HostLink

        /// Publishes readings. The same device, entity and time twice is stored once.
        ///
        /// A batch with a reading that breaks the rules is refused as a whole. When the host's buffer is full the
        /// batch is dropped and counted: publish less often.
        @discardableResult
        public func publish(_ readings: [Reading]) -> Acceptance {
            var rest = readings[...]
            while !rest.isEmpty {
                let batch = ReadingBatch(Array(rest.prefix(Readings.batchLimit)))
                let status = link.call(link.readings) { table, host in
                    batch.withReadings { table.publish(host, $0, $1) }
                }
                let acceptance = link.acceptance(status.flatMap(\.self), of: "\(rest.count) readings")
                guard acceptance == .accepted else { return acceptance }
                rest = rest.dropFirst(Readings.batchLimit)
            }
            return .accepted
        }

        /// Publishes one reading.
        @discardableResult
        public func publish(_ reading: Reading) -> Acceptance { publish([reading]) }
    }
}
