import Glibc
import Synchronization

/// The last word when Ctrl-C ends the program.
enum Interruption {
    /// A text in C's form that is never freed: the handler of the signal may be reading it.
    private static let lastWord = Atomic<UInt>(0)

    /// Has `sentence` written to standard error when Ctrl-C comes, before it ends the program as ever; nil: no more.
    ///
    /// Each sentence stays in memory for good: a run of the program has a handful.
    static func say(_ sentence: String?) {
        guard let sentence, let text = strdup("\n\(sentence)\n") else {
            return lastWord.store(0, ordering: .releasing)
        }
        lastWord.store(UInt(bitPattern: text), ordering: .releasing)
        // Only what may be done in a handler of signals is done here: signal-safety(7).
        signal(SIGINT) { number in
            if let text = UnsafePointer<CChar>(bitPattern: Interruption.lastWord.load(ordering: .acquiring)) {
                _ = write(STDERR_FILENO, text, strlen(text))
            }
            signal(number, SIG_DFL)
            raise(number)
        }
    }
}
