extension Installer {
    /// The number of the change of that plugin that goes on; nil if none does.
    package func openChange(ofPlugin plugin: String) -> Int64? {
        lanes.current(plugin)
    }

    /// How many changes go on or wait for their turn.
    package var openChangeCount: Int { lanes.count }
}
