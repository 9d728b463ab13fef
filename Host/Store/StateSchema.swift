extension Schema {
    /// `state.db`: what must not be lost.
    package static let state = Schema(steps: [
        Step(
            "1-state",
            """
            CREATE TABLE plugins (
                id TEXT NOT NULL PRIMARY KEY,
                is_enabled INTEGER NOT NULL,
                generation INTEGER NOT NULL,
                settings_revision INTEGER NOT NULL
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE settings_revisions (
                plugin TEXT NOT NULL REFERENCES plugins (id) ON DELETE CASCADE,
                revision INTEGER NOT NULL,
                document TEXT NOT NULL,
                author TEXT NOT NULL,
                time_ms INTEGER NOT NULL,
                PRIMARY KEY (plugin, revision)
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE plugin_state (
                plugin TEXT NOT NULL,
                key TEXT NOT NULL,
                value TEXT NOT NULL,
                PRIMARY KEY (plugin, key)
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE deaths (
                number INTEGER PRIMARY KEY,
                plugin TEXT NOT NULL,
                time_ms INTEGER NOT NULL,
                cause TEXT NOT NULL,
                is_crash INTEGER NOT NULL
            ) STRICT;
            CREATE INDEX deaths_of_plugin ON deaths (plugin, number);

            CREATE TABLE restarts (
                plugin TEXT NOT NULL PRIMARY KEY,
                count INTEGER NOT NULL
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE quarantine (
                hash TEXT NOT NULL PRIMARY KEY,
                plugin TEXT NOT NULL,
                reason TEXT NOT NULL,
                since_ms INTEGER NOT NULL
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE probed (
                hash TEXT NOT NULL PRIMARY KEY,
                plugin TEXT NOT NULL
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE devices (
                plugin TEXT NOT NULL,
                id TEXT NOT NULL,
                document TEXT NOT NULL,
                availability TEXT NOT NULL,
                reason TEXT NOT NULL,
                first_seen_ms INTEGER NOT NULL,
                changed_ms INTEGER NOT NULL,
                PRIMARY KEY (plugin, id)
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE alerts (
                number INTEGER PRIMARY KEY,
                source TEXT NOT NULL,
                key TEXT NOT NULL,
                severity TEXT NOT NULL,
                title TEXT NOT NULL,
                detail TEXT NOT NULL,
                first_seen_ms INTEGER NOT NULL,
                last_seen_ms INTEGER NOT NULL,
                count INTEGER NOT NULL,
                cleared_ms INTEGER
            ) STRICT;
            CREATE UNIQUE INDEX open_alerts ON alerts (source, key) WHERE cleared_ms IS NULL;
            CREATE INDEX cleared_alerts ON alerts (cleared_ms) WHERE cleared_ms IS NOT NULL;

            CREATE TABLE host_facts (
                key TEXT NOT NULL PRIMARY KEY,
                value TEXT NOT NULL
            ) STRICT, WITHOUT ROWID;
            """
        )
    ])
}
