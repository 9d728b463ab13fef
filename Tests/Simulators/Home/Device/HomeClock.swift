#if canImport(Glibc)
internal import Glibc
#endif

/// Where the simulated home gets its time from, so that tests decide what time it is.
package struct HomeClock: Sendable {
    /// Seconds since 1970, UTC.
    package let now: @Sendable () -> Double
    /// What the home's wall clock is ahead of UTC, in seconds. The devices' days begin at its midnight.
    package let secondsFromUTC: Int

    package init(secondsFromUTC: Int = 0, now: @escaping @Sendable () -> Double) {
        self.now = now
        self.secondsFromUTC = secondsFromUTC
    }

    /// The computer's clock and time zone.
    package static var system: HomeClock {
        var seconds = time(nil)
        var local = tm()
        localtime_r(&seconds, &local)
        return HomeClock(secondsFromUTC: local.tm_gmtoff) {
            var now = timespec()
            clock_gettime(CLOCK_REALTIME, &now)
            return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
        }
    }

    package var moment: Moment { Moment(seconds: now(), secondsFromUTC: secondsFromUTC) }
}

/// A point in time as a device sees it.
package struct Moment: Sendable {
    /// Seconds since 1970 on the home's wall clock.
    package var wallSeconds: Double

    package init(seconds: Double, secondsFromUTC: Int = 0) {
        wallSeconds = seconds + Double(secondsFromUTC)
    }

    /// Days since 1970 on the home's wall clock.
    var day: Int { Int((wallSeconds / 86_400).rounded(.down)) }

    /// What part of the day has gone, 0 to 1.
    var fractionOfDay: Double { wallSeconds / 86_400 - Double(day) }

    var calendar: CalendarTime { CalendarTime(wallSeconds: wallSeconds) }
}

/// A date and a time of day.
struct CalendarTime: Sendable {
    let year: Int
    let month: Int
    let day: Int
    let hour: Int
    let minute: Int
    let second: Int

    init(wallSeconds: Double) {
        var seconds = time_t(wallSeconds.rounded(.down))
        var fields = tm()
        gmtime_r(&seconds, &fields)
        year = Int(fields.tm_year) + 1900
        month = Int(fields.tm_mon) + 1
        day = Int(fields.tm_mday)
        hour = Int(fields.tm_hour)
        minute = Int(fields.tm_min)
        second = Int(fields.tm_sec)
    }

    init(dayNumber: Int) {
        self.init(wallSeconds: Double(dayNumber) * 86_400)
    }
}
