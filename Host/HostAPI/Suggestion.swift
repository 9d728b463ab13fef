/// Which of the known words a misspelt one was probably meant to be.
package enum Suggestion {
    /// The nearest of `words`, if it is near enough to be worth asking: one slip for each three letters, and
    /// any number of capitals.
    package static func nearest(to word: String, among words: some Sequence<String>) -> String? {
        let length = word.unicodeScalars.count
        let limit = length < 2 ? 0 : max(1, length / 3)
        // Longer words than any key cost time and are nobody's slip.
        guard length <= 64 else { return nil }
        return words.map { (distance($0, word), $0) }.filter { $0.0 <= limit }.min { $0 < $1 }?.1
    }

    /// How many letters were forgotten, added, mistaken or swapped with their neighbour.
    package static func distance(_ left: String, _ right: String) -> Int {
        let left = Array(left.lowercased().unicodeScalars)
        let right = Array(right.lowercased().unicodeScalars)
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for row in left.indices {
            var current = [row + 1]
            for column in right.indices {
                let isSame = left[row] == right[column]
                var best = min(last[column + 1] + 1, current[column] + 1, last[column] + (isSame ? 0 : 1))
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    best = min(best, beforeLast[column - 1] + 1)
                }
                current.append(best)
            }
            beforeLast = last
            last = current
        }
        return last[right.count]
    }
}
