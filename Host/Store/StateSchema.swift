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
        ),
        Step(
            "2-installation",
            """
            -- What is installed. An uninstalled plugin whose settings are kept has is_wanted 0 and no active version.
            ALTER TABLE plugins ADD COLUMN is_wanted INTEGER NOT NULL DEFAULT 1;
            -- The name of the active version's directory in store/<id>; null: there is no code.
            ALTER TABLE plugins ADD COLUMN active TEXT;
            ALTER TABLE plugins ADD COLUMN previous TEXT;
            ALTER TABLE plugins ADD COLUMN is_pinned INTEGER NOT NULL DEFAULT 0;
            -- The version that the user or a desired-state file asked for; null: whichever is there.
            ALTER TABLE plugins ADD COLUMN wanted_version TEXT;
            -- registry, file, drop-in, link, store
            ALTER TABLE plugins ADD COLUMN origin TEXT NOT NULL DEFAULT '';
            -- The author's directory that it follows.
            ALTER TABLE plugins ADD COLUMN link TEXT;

            CREATE TABLE versions (
                plugin TEXT NOT NULL,
                -- <version>-<first 12 digits of package_hash>
                directory TEXT NOT NULL,
                version TEXT NOT NULL,
                package_hash TEXT NOT NULL,
                code_hash TEXT NOT NULL,
                installed_ms INTEGER NOT NULL,
                PRIMARY KEY (plugin, directory)
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE changes (
                number INTEGER PRIMARY KEY AUTOINCREMENT,
                kind TEXT NOT NULL,
                plugin TEXT NOT NULL,
                summary TEXT NOT NULL,
                author TEXT NOT NULL,
                state TEXT NOT NULL,
                -- 1 once its commit point is passed: it is finished then, not undone, unless it is being undone already.
                is_committed INTEGER NOT NULL,
                -- What its tasks need, to be done or undone after a crash: JSON.
                parameters TEXT NOT NULL,
                tasks TEXT NOT NULL,
                message TEXT NOT NULL,
                failure TEXT,
                created_ms INTEGER NOT NULL,
                ended_ms INTEGER
            ) STRICT;
            CREATE INDEX open_changes ON changes (number) WHERE ended_ms IS NULL;
            CREATE INDEX changes_of_plugin ON changes (plugin, number);

            CREATE TABLE tombstones (
                plugin TEXT NOT NULL PRIMARY KEY,
                since_ms INTEGER NOT NULL,
                change INTEGER NOT NULL,
                -- Until when settings and data are kept; null: they were purged.
                kept_until_ms INTEGER
            ) STRICT, WITHOUT ROWID;

            -- What lies in plugins.d and has been looked at.
            CREATE TABLE drop_ins (
                name TEXT NOT NULL PRIMARY KEY,
                device INTEGER NOT NULL,
                inode INTEGER NOT NULL,
                -- When the file or directory was made; 0 where the file system does not say.
                born_ns INTEGER NOT NULL,
                package_hash TEXT NOT NULL,
                -- Empty if the manifest cannot be read.
                plugin TEXT NOT NULL,
                version TEXT NOT NULL,
                -- installed, ignored (a tombstone's), refused, needs-consent, failed
                state TEXT NOT NULL,
                -- What came of loading its code, or of reading its manifest.
                outcome TEXT NOT NULL,
                message TEXT NOT NULL,
                seen_ms INTEGER NOT NULL
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX drop_ins_of_plugin ON drop_ins (plugin);

            -- What failed to be repaired, and when it is tried again.
            CREATE TABLE repairs (
                plugin TEXT NOT NULL PRIMARY KEY,
                failures INTEGER NOT NULL,
                not_before_ms INTEGER NOT NULL,
                -- Why it is never tried again by itself; null: it is.
                unrecoverable TEXT,
                changed_ms INTEGER NOT NULL
            ) STRICT, WITHOUT ROWID;

            -- What a desired-state file says, and so owns.
            CREATE TABLE owned_keys (
                plugin TEXT NOT NULL,
                -- A JSON pointer: /enabled, /version, /settings/poll_interval.
                pointer TEXT NOT NULL,
                file TEXT NOT NULL,
                line INTEGER NOT NULL,
                -- 1: the user has overridden it.
                is_overridden INTEGER NOT NULL,
                PRIMARY KEY (plugin, pointer)
            ) STRICT, WITHOUT ROWID;
            """
        ),
    ])
}
