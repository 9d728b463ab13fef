/// How large a package may be. A package beyond them is a mistake or an attack.
package struct PackageLimits: Sendable, Equatable {
    /// Files and directories.
    package var entries: Int
    /// Of all files together, unpacked.
    package var bytes: Int64

    package init(entries: Int = 10_000, bytes: Int64 = 512 << 20) {
        self.entries = entries
        self.bytes = bytes
    }

    /// Of one name between two slashes, as Linux has it.
    static let nameBytes = 255
    static let pathBytes = 1024
}
