internal import GRDB
package import HostAPI

/// A device as it is remembered.
package struct StoredDevice: Sendable, Equatable {
    package var plugin: String
    package var id: String
    /// The plugin's description of it, JSON text as it was given.
    package var document: String
    package var availability: Availability
    /// Why it does not answer; empty if it does.
    package var reason: String
    package var firstSeen: Timestamp
    /// When its document or its availability last changed.
    package var changed: Timestamp

    package init(
        plugin: String,
        id: String,
        document: String,
        availability: Availability,
        reason: String,
        firstSeen: Timestamp,
        changed: Timestamp
    ) {
        self.plugin = plugin
        self.id = id
        self.document = document
        self.availability = availability
        self.reason = reason
        self.firstSeen = firstSeen
        self.changed = changed
    }
}

/// One change of what is known about a device.
package enum DeviceChange: Sendable, Equatable {
    /// Adds it, its availability unknown, or replaces the document of a known one.
    case put(plugin: String, id: String, document: String, at: Timestamp)
    case remove(plugin: String, id: String)
    /// Says nothing about a device that is not known.
    case availability(plugin: String, id: String, Availability, reason: String, at: Timestamp)
}

extension StateDatabase {
    /// Every device that is known, by plugin and id.
    package func devices() throws(StoreError) -> [StoredDevice] {
        try file.read("read the devices") { database in
            try Row.fetchAll(database, sql: "SELECT * FROM devices ORDER BY plugin, id").map(StoredDevice.init)
        }
    }

    /// Stores all changes, in their order, in one commit. What says nothing new costs no write to the disk.
    package func applyDeviceChanges(_ changes: [DeviceChange]) throws(StoreError) {
        try file.write("store devices") { database in
            for change in changes { try database.apply(change) }
        }
    }

    package func putDevice(
        plugin: String,
        id: String,
        document: String,
        at time: Timestamp = .now
    ) throws(StoreError) {
        try applyDeviceChanges([.put(plugin: plugin, id: id, document: document, at: time)])
    }

    package func removeDevice(plugin: String, id: String) throws(StoreError) {
        try applyDeviceChanges([.remove(plugin: plugin, id: id)])
    }

    package func setAvailability(
        _ availability: Availability,
        reason: String = "",
        plugin: String,
        id: String,
        at time: Timestamp = .now
    ) throws(StoreError) {
        try applyDeviceChanges([.availability(plugin: plugin, id: id, availability, reason: reason, at: time)])
    }
}

extension Database {
    fileprivate func apply(_ change: DeviceChange) throws {
        switch change {
        case .put(let plugin, let id, let document, let time):
            try cachedStatement(
                sql: """
                    INSERT INTO devices (plugin, id, document, availability, reason, first_seen_ms, changed_ms)
                    VALUES (?1, ?2, ?3, 'unknown', '', ?4, ?4)
                    ON CONFLICT (plugin, id) DO UPDATE SET document = ?3, changed_ms = ?4 WHERE document <> ?3
                    """
            ).execute(arguments: [plugin, id, document, time.milliseconds])
        case .remove(let plugin, let id):
            try cachedStatement(sql: "DELETE FROM devices WHERE plugin = ? AND id = ?")
                .execute(arguments: [plugin, id])
        case .availability(let plugin, let id, let availability, let reason, let time):
            try cachedStatement(
                sql: """
                    UPDATE devices SET availability = ?3, reason = ?4, changed_ms = ?5
                    WHERE plugin = ?1 AND id = ?2 AND (availability <> ?3 OR reason <> ?4)
                    """
            ).execute(arguments: [plugin, id, availability.rawValue, reason, time.milliseconds])
        }
    }
}

extension StoredDevice {
    fileprivate init(_ row: Row) {
        self.init(
            plugin: row["plugin"],
            id: row["id"],
            document: row["document"],
            availability: Availability(rawValue: row["availability"]) ?? .unknown,
            reason: row["reason"],
            firstSeen: Timestamp(milliseconds: row["first_seen_ms"]),
            changed: Timestamp(milliseconds: row["changed_ms"])
        )
    }
}
