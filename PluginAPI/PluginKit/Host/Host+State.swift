import PluginAPI

extension Host {
    /// A few values that survive restarts, each stored as JSON under a key of at most 128 bytes.
    ///
    /// One value takes at most 64 KiB of JSON, all of them together 1 MiB.
    public struct State: Sendable {
        let link: HostLink

        /// The value of `key`, or nothing if there is none.
        /// - Throws: ``PluginError`` of the class ``PluginError/Class/permanent`` if what is stored is no `Value`.
        public func value<Value: Decodable>(_ type: Value.Type = Value.self, for key: String) throws -> Value? {
            guard let text = try text(for: key) else { return nil }
            do {
                return try JSON(parsing: text).decode(type)
            } catch {
                throw PluginError.permanent("the state \(key) cannot be read: \(PluginError(error).message)")
            }
        }

        /// Keeps `value`: read back at once, on disk within 30 s, or after ``flush()``.
        public func set(_ value: some Encodable, for key: String) throws {
            let text = try JSON(encoding: value).encoded()
            try check(
                link.call(link.state) { table, host in
                    withHearthStrings(key, text) { table.set(host, $0, $1) }
                }
            )
        }

        /// Forgets `key`; fine if there is none.
        public func remove(_ key: String) throws {
            try check(
                link.call(link.state) { table, host in
                    key.withHearthString { table.remove(host, $0) }
                }
            )
        }

        /// Returns once everything set before is safe on disk.
        public func flush() async throws {
            _ = try await link.answer { context throws(PluginError) in
                try check(link.call(link.state) { $0.flush($1, HostCallbacks.answer, context) })
            }
        }

        private func text(for key: String) throws -> String? {
            var value: String?
            let status = withUnsafeMutablePointer(to: &value) { place in
                link.call(link.state) { table, host in
                    key.withHearthString { key in
                        table.get(
                            host,
                            key,
                            { context, text in
                                context?.assumingMemoryBound(to: String?.self).pointee = String(text)
                            },
                            place
                        )
                    }
                }
            }
            if status == hearth_status(HEARTH_PERMANENT) { return nil }
            try check(status)
            return value
        }

        private func check(_ status: hearth_status?) throws(PluginError) {
            guard let status else { throw .unsupported("this host keeps no state for plugins") }
            if let failure = PluginError(status: status, message: "") { throw failure }
        }
    }
}
