extension String {
    /// What is repeated of a text in a message about it: at most its first 100 characters.
    package var excerpt: String {
        // A few characters can have any number of bytes, but never fewer bytes than characters.
        guard utf8.count > 100, let end = index(startIndex, offsetBy: 100, limitedBy: endIndex), end < endIndex
        else { return self }
        return self[..<end] + "…"
    }

    /// The sentence as a part of a longer one: without the one period at its end.
    package var withoutPeriod: String {
        hasSuffix(".") && !hasSuffix("..") ? String(dropLast()) : self
    }
}
