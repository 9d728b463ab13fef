import Glibc

extension Surroundings {
    /// The process's own environment, standard output and standard error.
    ///
    /// Signals keep their meaning: Ctrl-C and a reader that goes away end the process at once and quietly, as every
    /// shell expects (130 and 141).
    package static var ofThisProcess: Surroundings {
        Surroundings(
            environment: { name in getenv(name).map { String(cString: $0) } },
            isTerminal: isatty(STDOUT_FILENO) == 1,
            terminalWidth: width(of: STDOUT_FILENO),
            data: { write($0, to: STDOUT_FILENO) },
            messages: { write($0, to: STDERR_FILENO) },
            messageWidth: isatty(STDERR_FILENO) == 1 ? width(of: STDERR_FILENO) ?? 80 : nil,
            ask: reader,
            sayOnInterrupt: { Interruption.say($0) }
        )
    }

    /// Somebody reads the question and can answer it.
    private static var reader: (@Sendable () -> String?)? {
        guard isatty(STDIN_FILENO) == 1, isatty(STDERR_FILENO) == 1 else { return nil }
        return { readLine() }
    }

    private static func width(of descriptor: Int32) -> Int? {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }

    /// Unbuffered: what a stream shows is seen at once, and nothing is lost when the process ends.
    private static func write(_ text: String, to descriptor: Int32) {
        var text = text
        let failure = text.withUTF8 { bytes -> Int32? in
            var rest = UnsafeRawBufferPointer(bytes)
            while let start = rest.baseAddress, !rest.isEmpty {
                let count = Glibc.write(descriptor, start, rest.count)
                if count < 0, errno == EINTR { continue }
                guard count >= 0 else { return errno }
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            }
            return nil
        }
        switch failure {
        case nil: return
        // Somebody ignores SIGPIPE on our behalf: the same end, without a word.
        case EPIPE: exit(128 + SIGPIPE)
        case let number?:
            if descriptor != STDERR_FILENO {
                write("hostctl: Cannot write: \(String(cString: strerror(number)))\n", to: STDERR_FILENO)
            }
            exit(1)
        }
    }
}
