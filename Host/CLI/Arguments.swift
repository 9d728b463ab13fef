import ArgumentParser
import HostAPI

/// A name as a user types it. An empty one, such as of a variable that is not set, would mean another route.
///
/// - Throws: `ValidationError` for an empty one.
@Sendable func nonEmpty(_ text: String) throws -> String {
    guard !text.isEmpty else { throw ValidationError("it is empty.") }
    return text
}

/// The number of a change.
///
/// - Throws: `ValidationError` for what is none.
@Sendable func changeNumber(_ text: String) throws -> Int64 {
    guard let number = Int64(text), number > 0 else {
        throw ValidationError("not a whole number from 1; `hostctl changes` lists the changes.")
    }
    return number
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
