import PluginAPI
import PluginKit

/// The tables that a plugin gets. Each function finds its host through the context.
extension TestHost {
    static func makeTable(dataDirectory: String) -> hearth_host {
        hearth_host(
            struct_size: UInt32(MemoryLayout<hearth_host>.size),
            abi_major: UInt32(HEARTH_ABI_MAJOR),
            abi_minor: UInt32(HEARTH_ABI_MINOR),
            reserved: 0,
            context: nil,
            data_directory: permanent(dataDirectory),
            package_directory: permanent("/package"),
            complete: { host, operation, status, json, message in
                let outcome = Outcome(
                    status: Int(status),
                    json: String(borrowed: json),
                    message: String(borrowed: message)
                )
                TestHost.of(host).change { $0.outcomes[operation] = outcome }
            },
            extension: { host, id in
                let id = String(borrowed: id)
                return TestHost.of(host).missingExtensions.contains(id) ? nil : TestHost.tables[id]?.pointer
            }
        )
    }

    static func of(_ host: UnsafePointer<hearth_host>) -> TestHost {
        guard let context = host.pointee.context else { preconditionFailure("a table without its host") }
        return Unmanaged<TestHost>.fromOpaque(context).takeUnretainedValue()
    }

    /// Tests run in one process that ends soon: what is allocated here stays.
    private static func permanent(_ text: String) -> hearth_string {
        let copy = UnsafeMutableBufferPointer<CChar>.allocate(capacity: text.utf8.count)
        _ = copy.initialize(from: text.utf8.map { CChar(bitPattern: $0) })
        return hearth_string(data: UnsafePointer(copy.baseAddress), size: copy.count)
    }

    private struct Table: @unchecked Sendable {  // written once, read by many
        let pointer: UnsafeRawPointer

        init<T>(_ table: T) {
            let place = UnsafeMutablePointer<T>.allocate(capacity: 1)
            place.initialize(to: table)
            pointer = UnsafeRawPointer(place)
        }
    }

    private static let tables: [String: Table] = [
        HEARTH_EXTENSION_LOG: Table(log), HEARTH_EXTENSION_READINGS: Table(readings),
        HEARTH_EXTENSION_DEVICES: Table(devices), HEARTH_EXTENSION_ALERTS: Table(alerts),
        HEARTH_EXTENSION_STATE: Table(state), HEARTH_EXTENSION_CLOCK: Table(clock),
        HEARTH_EXTENSION_STATUS: Table(status), HEARTH_EXTENSION_HOME: Table(home),
        HEARTH_EXTENSION_EXEC: Table(exec), HEARTH_EXTENSION_SETTINGS: Table(settings),
    ]

    private static func report(
        _ host: UnsafePointer<hearth_host>,
        _ text: String,
        to place: WritableKeyPath<Record, [String]>
    ) -> hearth_status {
        TestHost.of(host).change { record in
            if record.status == HEARTH_OK { record[keyPath: place].append(text) }
            return Int32(record.status)
        }
    }

    private static var log: hearth_log {
        hearth_log(
            struct_size: UInt32(MemoryLayout<hearth_log>.size),
            reserved: 0,
            level: { TestHost.of($0).record.leastLevel },
            write: { host, level, message, fields in
                let line = "\(level) \(String(borrowed: message)) \(String(borrowed: fields))"
                TestHost.of(host).change { $0.log.append(line) }
            }
        )
    }

    private static var readings: hearth_readings {
        hearth_readings(
            struct_size: UInt32(MemoryLayout<hearth_readings>.size),
            reserved: 0,
            publish: { host, readings, count in
                let batch = (0..<count).map { Reading(borrowed: readings[$0]) }
                return TestHost.of(host).change { record in
                    if record.status == HEARTH_OK { record.batches.append(batch) }
                    return Int32(record.status)
                }
            }
        )
    }

    private static var devices: hearth_devices {
        hearth_devices(
            struct_size: UInt32(MemoryLayout<hearth_devices>.size),
            reserved: 0,
            put: { TestHost.report($0, "put \(String(borrowed: $1))", to: \.devices) },
            remove: { TestHost.report($0, "remove \(String(borrowed: $1))", to: \.devices) },
            set_availability: { host, id, availability, reason in
                let text = "\(String(borrowed: id)) \(availability) \(String(borrowed: reason))"
                return TestHost.report(host, text, to: \.devices)
            }
        )
    }

    private static var alerts: hearth_alerts {
        hearth_alerts(
            struct_size: UInt32(MemoryLayout<hearth_alerts>.size),
            reserved: 0,
            raise: { host, key, severity, title, detail in
                let words = [String(borrowed: key), "\(severity)", String(borrowed: title), String(borrowed: detail)]
                return TestHost.report(host, "raise \(words)", to: \.alerts)
            },
            clear: { TestHost.report($0, "clear \(String(borrowed: $1))", to: \.alerts) }
        )
    }

    private static var status: hearth_status_report {
        hearth_status_report(
            struct_size: UInt32(MemoryLayout<hearth_status_report>.size),
            reserved: 0,
            report: { TestHost.report($0, "\($1) \(String(borrowed: $2))", to: \.statuses) }
        )
    }

    private static var state: hearth_state {
        hearth_state(
            struct_size: UInt32(MemoryLayout<hearth_state>.size),
            reserved: 0,
            get: { host, key, receive, context in
                guard let value = TestHost.of(host).record.state[String(borrowed: key)] else {
                    return Int32(HEARTH_PERMANENT)
                }
                value.withBorrowed { receive(context, $0) }
                return Int32(HEARTH_OK)
            },
            set: { host, key, value in
                TestHost.of(host).change { record in
                    if record.status == HEARTH_OK { record.state[String(borrowed: key)] = String(borrowed: value) }
                    return Int32(record.status)
                }
            },
            remove: { host, key in
                TestHost.of(host).change { $0.state[String(borrowed: key)] = nil }
                return Int32(HEARTH_OK)
            },
            flush: { host, answer, context in
                TestHost.of(host).ask("flush", answer, context)
            }
        )
    }

    private static var settings: hearth_settings_reader {
        func value(_ host: UnsafePointer<hearth_host>, _ pointer: hearth_string) -> JSON {
            let steps = String(borrowed: pointer).split(separator: "/")
            return steps.reduce(TestHost.of(host).record.settings) { $0[String($1)] }
        }
        return hearth_settings_reader(
            struct_size: UInt32(MemoryLayout<hearth_settings_reader>.size),
            reserved: 0,
            get_text: { host, pointer, receive, context in
                guard let text = value(host, pointer).text else { return Int32(HEARTH_PERMANENT) }
                text.withBorrowed { receive(context, $0) }
                return Int32(HEARTH_OK)
            },
            get_integer: { host, pointer, place in
                guard let number = value(host, pointer).integer else { return Int32(HEARTH_PERMANENT) }
                place.pointee = Int64(number)
                return Int32(HEARTH_OK)
            },
            get_number: { host, pointer, place in
                guard let number = value(host, pointer).number else { return Int32(HEARTH_PERMANENT) }
                place.pointee = number
                return Int32(HEARTH_OK)
            },
            get_boolean: { host, pointer, place in
                guard let isTrue = value(host, pointer).boolean else { return Int32(HEARTH_PERMANENT) }
                place.pointee = isTrue ? 1 : 0
                return Int32(HEARTH_OK)
            },
            get_count: { host, pointer, place in
                let value = value(host, pointer)
                guard let count = value.array?.count ?? value.object?.count else { return Int32(HEARTH_PERMANENT) }
                place.pointee = count
                return Int32(HEARTH_OK)
            }
        )
    }

    private static var clock: hearth_clock {
        hearth_clock(
            struct_size: UInt32(MemoryLayout<hearth_clock>.size),
            reserved: 0,
            now_ms: { TestHost.of($0).record.milliseconds },
            monotonic_ms: { TestHost.of($0).record.milliseconds - 1_700_000_000_000 },
            start_timer: { host, delay, interval, fire, context in
                let context = UInt(bitPattern: context)
                return TestHost.of(host).change { record in
                    guard record.timers.count < record.timerLimit else { return 0 }
                    record.nextNumber += 1
                    record.timers[record.nextNumber] = Timer(
                        due: record.milliseconds + Int64(delay),
                        interval: Int64(interval),
                        context: context,
                        fire: fire
                    )
                    return record.nextNumber
                }
            },
            stop_timer: { host, timer in TestHost.of(host).change { $0.timers[timer] = nil } }
        )
    }

    private static var home: hearth_home {
        hearth_home(
            struct_size: UInt32(MemoryLayout<hearth_home>.size),
            reserved: 0,
            subscribe: { host, pattern, receive, answer, context in
                let subscription = Subscription(
                    pattern: String(borrowed: pattern),
                    context: UInt(bitPattern: context),
                    receive: receive,
                    answer: answer
                )
                return TestHost.of(host).change { record in
                    guard subscription.pattern.split(separator: "/").count == 3 else { return 0 }
                    record.nextNumber += 1
                    record.subscriptions[record.nextNumber] = subscription
                    return record.nextNumber
                }
            },
            unsubscribe: { host, number in TestHost.of(host).change { $0.subscriptions[number] = nil } },
            call: { host, plugin, command, answer, context in
                let command = command.pointee
                let words = [command.device, command.name, command.arguments].map { String(borrowed: $0) }
                let text = "\(String(borrowed: plugin)) \(words) \(command.timeout_ms) ms"
                return TestHost.of(host).ask(text, answer, context)
            }
        )
    }

    private static var exec: hearth_exec {
        hearth_exec(
            struct_size: UInt32(MemoryLayout<hearth_exec>.size),
            reserved: 0,
            run: { host, program, arguments, output, answer, context in
                let run = Run(
                    program: String(borrowed: program),
                    arguments: String(borrowed: arguments),
                    context: UInt(bitPattern: context),
                    output: output,
                    answer: answer
                )
                return TestHost.of(host).change { record in
                    record.nextNumber += 1
                    record.runs[record.nextNumber] = run
                    return record.nextNumber
                }
            },
            cancel: { host, number in TestHost.of(host).change { $0.runs[number] = nil } }
        )
    }

    private func ask(_ what: String, _ answer: hearth_answer?, _ context: UnsafeMutableRawPointer?) -> hearth_status {
        guard let answer else { return Int32(HEARTH_OK) }
        let question = Question(what: what, context: UInt(bitPattern: context), answer: answer)
        return change { record in
            if record.status == HEARTH_OK { record.questions.append(question) }
            return Int32(record.status)
        }
    }
}

extension Reading {
    /// A copy of what a plugin lends.
    init(borrowed reading: hearth_reading) {
        let value: Value =
            switch Int(reading.kind) {
            case HEARTH_READING_NUMBER: .number(reading.value)
            case HEARTH_READING_BOOLEAN: .boolean(reading.value != 0)
            case HEARTH_READING_TEXT: .text(String(borrowed: reading.text))
            default: .unknown
            }
        self.init(
            String(borrowed: reading.device),
            String(borrowed: reading.entity),
            value,
            unit: String(borrowed: reading.unit),
            at: reading.time_ms == 0 ? nil : Timestamp(milliseconds: reading.time_ms),
            isAnomalous: reading.flags & UInt32(HEARTH_READING_ANOMALOUS) != 0
        )
    }
}
