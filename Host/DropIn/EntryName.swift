/// What a name in the drop-in directory says.
enum EntryName {
    /// How editors and downloads call what is not finished.
    private static let partial = ["~", ".part", ".partial", ".crdownload", ".download", ".tmp", ".swp", ".filepart"]

    /// Whether the host looks at an entry with that name at all.
    static func isWanted(_ name: String) -> Bool {
        !name.isEmpty && !name.hasPrefix(".") && !partial.contains { name.hasSuffix($0) }
    }

    /// What a regular file with that name is; nil: nothing that the host installs.
    static func kind(_ name: String) -> DropInEntry.Kind? {
        if name.hasSuffix(".tar.gz") || name.hasSuffix(".tgz") { return .archive }
        return name.hasSuffix(".so") ? .sharedObject : nil
    }
}
