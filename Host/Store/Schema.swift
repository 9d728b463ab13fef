internal import GRDB

/// The tables of a database, as the steps that lead there. Steps are only ever appended: released ones never change.
package struct Schema: Sendable {
    package struct Step: Sendable {
        /// Unique, remembered in the file.
        package var name: String
        package var sql: String

        package init(_ name: String, _ sql: String) {
            self.name = name
            self.sql = sql
        }
    }

    package var steps: [Step]

    package init(steps: [Step]) {
        self.steps = steps
    }
}

extension Schema {
    var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        for step in steps {
            migrator.registerMigration(step.name) { database in
                try database.execute(sql: step.sql)
            }
        }
        return migrator
    }

    /// A step in the file that this version does not know: a newer version made it.
    func unknownStep(in database: Database) throws -> String? {
        let known = Set(steps.map(\.name))
        return try migrator.appliedIdentifiers(database).subtracting(known).min()
    }
}
