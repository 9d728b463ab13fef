import CLinux
import Glibc
import Packages
import Synchronization

/// Removes the scratch directory if the user ends the program early. Its workers end with it by themselves.
enum Interruption {
    private static let directory = Mutex<String?>(nil)
    /// The end of a pipe into which the handler writes the signal's number.
    private static let writingEnd = Atomic<Int32>(-1)

    /// Call once.
    static func prepare() {
        var ends: [Int32] = [-1, -1]
        guard linux_pipe(&ends) == 0 else { return }
        writingEnd.store(ends[1], ordering: .releasing)
        let context = UnsafeMutableRawPointer(bitPattern: Int(ends[0]))
        var thread = pthread_t()
        let status = pthread_create(&thread, nil, { Interruption.wait(on: Int32(Int(bitPattern: $0))) }, context)
        guard status == 0 else { return }
        pthread_detach(thread)
        for number in [SIGINT, SIGTERM, SIGHUP] { signal(number) { Interruption.tell($0) } }
    }

    /// What is to be removed; nil for nothing.
    static func willRemove(_ path: String?) { directory.withLock { $0 = path } }

    /// In the handler: nothing but a system call.
    private static func tell(_ signal: Int32) {
        var number = UInt8(truncatingIfNeeded: signal)
        write(writingEnd.load(ordering: .acquiring), &number, 1)
    }

    private static func wait(on readingEnd: Int32) -> UnsafeMutableRawPointer? {
        var number: UInt8 = 0
        while read(readingEnd, &number, 1) != 1 {}
        if let directory = directory.withLock({ $0 }) { try? PackageFiles.removeTree(directory) }
        _exit(128 + Int32(number))
    }
}
