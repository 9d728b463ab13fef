import Glibc
package import HostAPI

/// A call to the system that failed.
package struct SystemError: FailureConvertible, CustomStringConvertible, Equatable {
    /// The call, and what it was about: `open run/hostd.lock`.
    package let operation: String
    /// The `errno` value.
    package let number: Int32

    package init(operation: String, number: Int32) {
        self.operation = operation
        self.number = number
    }

    package var description: String { "\(operation): \(String(cString: strerror(number)))" }

    package var failure: Failure { Failure(.internalError, description) }

    /// Calls the system again while it is interrupted by signals.
    ///
    /// - Throws: `SystemError` if the result is negative.
    @discardableResult
    package static func check(_ operation: @autoclosure () -> String, _ call: () -> Int32) throws(SystemError) -> Int32
    {
        while true {
            let result = call()
            if result >= 0 { return result }
            if errno != EINTR { throw SystemError(operation: operation(), number: errno) }
        }
    }
}
