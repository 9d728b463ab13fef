import Glibc

/// Wall time and CPU time of the whole process since it was made.
struct Stopwatch {
    /// In seconds.
    struct Laps {
        var wall: Double
        var cpu: Double
    }

    private let begun = Stopwatch.now

    var laps: Laps {
        let now = Self.now
        return Laps(wall: now.wall - begun.wall, cpu: now.cpu - begun.cpu)
    }

    /// The medians as a JSON object.
    static func json(_ laps: [Laps]) -> String {
        func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
        return "{\"wall\": \(median(laps.map(\.wall))), \"cpu\": \(median(laps.map(\.cpu)))}"
    }

    private static var now: Laps {
        Laps(wall: seconds(CLOCK_MONOTONIC), cpu: seconds(CLOCK_PROCESS_CPUTIME_ID))
    }

    private static func seconds(_ clock: clockid_t) -> Double {
        var time = timespec()
        clock_gettime(clock, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
