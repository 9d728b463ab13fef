extension Schema {
    /// `history.db`: what may be lost, though not willingly. A value is REAL (number), INTEGER (boolean), TEXT (text) or
    /// NULL (unknown); bit 0 of the flags says "anomalous".
    package static let history = Schema(steps: [
        Step(
            "1-history",
            """
            CREATE TABLE series (
                id INTEGER PRIMARY KEY,
                plugin TEXT NOT NULL,
                device TEXT NOT NULL,
                entity TEXT NOT NULL,
                unit TEXT NOT NULL,
                kind TEXT NOT NULL,
                UNIQUE (plugin, device, entity)
            ) STRICT;

            CREATE TABLE readings (
                series_id INTEGER NOT NULL,
                time_ms INTEGER NOT NULL,
                value ANY,
                flags INTEGER NOT NULL,
                PRIMARY KEY (series_id, time_ms)
            ) STRICT, WITHOUT ROWID;
            """
        )
    ])
}
