internal import Glibc
package import HostAPI

/// The kernel's word of what happens in directories.
package struct Inotify: ~Copyable {
    /// One thing that happened.
    package struct Event: Sendable, Equatable {
        /// The watch that saw it; -1 for an overflow of the queue.
        package var watch: Int32
        /// `IN_CREATE` and so on.
        package var mask: UInt32
        /// The name in the watched directory; empty if it is the directory itself.
        package var name: String

        package func has(_ flag: some BinaryInteger) -> Bool { mask & UInt32(truncatingIfNeeded: flag) != 0 }
    }

    /// Flags together: the system's headers give them different types.
    package static func mask(_ flags: any BinaryInteger...) -> UInt32 {
        flags.reduce(0) { $0 | UInt32(truncatingIfNeeded: $1) }
    }

    /// Readable when there are events.
    package let descriptor: Int32

    /// - Throws: `internal` if the system grants no more of them.
    package init() throws(Failure) {
        descriptor = inotify_init1(Int32(IN_CLOEXEC) | Int32(IN_NONBLOCK))
        guard descriptor >= 0 else {
            throw Failure(
                .internalError,
                "the system lets the host watch no directory: \(String(cString: strerror(errno)))",
                hint: "raise the limit in /proc/sys/fs/inotify/max_user_instances"
            )
        }
    }

    deinit { close(descriptor) }

    /// Watches a directory, or changes what it is watched for.
    ///
    /// - Returns: The watch's number, never used twice; nil with `errno`. A directory has one, whatever path leads to it.
    package borrowing func add(_ path: String, for events: UInt32) -> Int32? {
        let watch = inotify_add_watch(descriptor, path, events)
        return watch >= 0 ? watch : nil
    }

    /// Ends a watch; one that the kernel has ended is fine.
    package borrowing func remove(_ watch: Int32) {
        inotify_rm_watch(descriptor, watch)
    }

    /// What has happened since the last call, in that order. Does not wait.
    package borrowing func read() -> [Event] {
        var events: [Event] = []
        let size = 1 << 16
        withUnsafeTemporaryAllocation(byteCount: size, alignment: MemoryLayout<inotify_event>.alignment) { buffer in
            while true {
                let count = Glibc.read(descriptor, buffer.baseAddress, size)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return }
                Self.parse(UnsafeRawBufferPointer(rebasing: buffer[..<count]), into: &events)
            }
        }
        return events
    }

    private static func parse(_ buffer: UnsafeRawBufferPointer, into events: inout [Event]) {
        let headerSize = MemoryLayout<inotify_event>.size
        var offset = 0
        while offset + headerSize <= buffer.count {
            let header = buffer.loadUnaligned(fromByteOffset: offset, as: inotify_event.self)
            let name = buffer[(offset + headerSize)...].prefix(Int(header.len)).prefix { $0 != 0 }
            events.append(Event(watch: header.wd, mask: header.mask, name: String(decoding: name, as: UTF8.self)))
            offset += headerSize + Int(header.len)
        }
    }
}
