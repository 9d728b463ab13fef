import ArgumentParser
import HostAPI

/// A name as a user types it. An empty one, such as of a variable that is not set, would mean another route.
///
/// - Throws: `ValidationError` for an empty one.
@Sendable func nonEmpty(_ text: String) throws -> String {
    guard !text.isEmpty else { throw ValidationError("it is empty.") }
    return text
}

/// `PLUGIN` or `PLUGIN/DEVICE`.
///
/// - Throws: `ValidationError` if one of them is empty.
@Sendable func target(_ text: String) throws -> String {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.first?.isEmpty == false else { throw ValidationError("the plugin's id is empty.") }
    guard parts.last?.isEmpty == false else { throw ValidationError("nothing follows the /.") }
    return text
}
