internal import GRDB

extension StateDatabase {
    /// What the host remembers about itself under that key.
    package func fact(_ key: String) throws(StoreError) -> String? {
        try file.read("read the fact \(key)") { database in
            try String.fetchOne(database, sql: "SELECT value FROM host_facts WHERE key = ?", arguments: [key])
        }
    }

    /// Nil forgets the fact.
    package func setFact(_ key: String, _ value: String?) throws(StoreError) {
        try file.write("store the fact \(key)") { database in
            if let value {
                try database.execute(
                    sql: """
                        INSERT INTO host_facts (key, value) VALUES (?, ?)
                        ON CONFLICT (key) DO UPDATE SET value = excluded.value WHERE value <> excluded.value
                        """,
                    arguments: [key, value]
                )
            } else {
                try database.execute(sql: "DELETE FROM host_facts WHERE key = ?", arguments: [key])
            }
        }
    }

    /// The fact of that key; if there is none, `value` becomes it for ever. The host's own id is made like this.
    package func fact(_ key: String, orElse value: @autoclosure () -> String) throws(StoreError) -> String {
        let fallback = value()
        return try file.write("store the fact \(key)") { database in
            try database.execute(
                sql: "INSERT OR IGNORE INTO host_facts (key, value) VALUES (?, ?)",
                arguments: [key, fallback]
            )
            return try String.fetchOne(
                database,
                sql: "SELECT value FROM host_facts WHERE key = ?",
                arguments: [key]
            ) ?? fallback
        }
    }
}
