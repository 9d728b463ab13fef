internal import Dispatch
internal import HostAPI

/// Where slow work is done, one piece after the other, and what lets time pass before it. Tests pass time by hand.
package protocol WriteQueue: Sendable {
    func run(_ work: @escaping @Sendable () -> Void)
    func run(after delay: Duration, _ work: @escaping @Sendable () -> Void)
}

/// The real one.
package struct DispatchWriteQueue: WriteQueue {
    private let queue: DispatchQueue

    package init(label: String) {
        queue = DispatchQueue(label: label, qos: .utility)
    }

    package func run(_ work: @escaping @Sendable () -> Void) {
        queue.async(execute: work)
    }

    package func run(after delay: Duration, _ work: @escaping @Sendable () -> Void) {
        queue.asyncAfter(deadline: .now() + .milliseconds(Int(delay.milliseconds)), execute: work)
    }
}
