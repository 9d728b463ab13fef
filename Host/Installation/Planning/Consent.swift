package import Manifests

/// Which permissions the user has to agree to before code that has them is installed.
package enum Consent {
    /// The far-reaching permissions that are asked for and were not given before, each as a user reads it:
    /// "exec: yt-dlp", "command-devices: kasa/*".
    ///
    /// - Parameters:
    ///   - permissions: What the package asks for.
    ///   - given: What the active version has; nil if there is none.
    /// - Returns: Empty if nobody has to be asked.
    package static func questions(of permissions: Permissions, given: Permissions?) -> [String] {
        let given = given ?? Permissions()
        let programs = permissions.programs.filter { given.programs[$0.key] != $0.value }.keys.sorted()
        let devices = missing(permissions.commandDevices, from: given.commandDevices)
        let series = missing(permissions.readSeries, from: given.readSeries)
        return programs.map { "exec: \($0)" } + devices.map { "command-devices: \($0)" }
            + series.map { "read-series: \($0)" }
    }

    private static func missing(_ patterns: [NamePattern], from given: [NamePattern]) -> [NamePattern] {
        patterns.filter { pattern in !given.contains { $0.covers(pattern) } }
    }
}
