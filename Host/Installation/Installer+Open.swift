extension Installer {
    /// The numbers of the changes that go on, by plugin.
    package var openChanges: [String: Int64] { lanes.current }

    /// How many changes go on or wait for their turn.
    package var openChangeCount: Int { lanes.count }
}
