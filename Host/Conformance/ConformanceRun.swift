import Glibc
package import HostAPI
import Manifests
package import Runtime

/// Checks one package, in workers like those of the host.
package struct ConformanceRun {
    /// How the plugin is checked.
    package struct Options: Sendable {
        /// A part of the plugin's settings, which is left as it is in all checks.
        package var settings: JSONValue?
        /// After this time no further check begins.
        package var timeLimit: Duration
        /// The names of the checks to be done, beside those by which the plugin is known to start; nil for all.
        package var only: Set<String>?

        package init(settings: JSONValue? = nil, timeLimit: Duration = .seconds(60), only: Set<String>? = nil) {
            self.settings = settings
            self.timeLimit = timeLimit
            self.only = only
        }

        fileprivate func includes(_ check: any Check) -> Bool {
            guard let only else { return true }
            return only.contains(check.name) || basic.contains(check.name)
        }
    }

    /// What all others build on.
    private static let basic: Set = ["manifest", "entry", "load", "start"]

    /// All there are, in the order in which they are done. The last one looks back at all others.
    package static var checks: [any Check] {
        [
            ManifestCheck(), EntryCheck(),
            ExportsCheck(), RelocationsCheck(), UnloadingCheck(), LibrariesCheck(),
            LoadCheck(), IdentityCheck(), ABICheck(),
            StartCheck(), TerminationCheck(), RoundsCheck(), ThreadsCheck(), DescriptorsCheck(), StopCheck(),
            ProcessesCheck(), ExitCheck(), QuietCheck(),
            SettingsValuesCheck(), SettingsApplyCheck(), SettingsUnknownCheck(),
            CommandsCheck(), HealthCheck(),
            HeartbeatsCheck(), OutputCheck(), LogCheck(), MemoryCheck(), ProcessorCheck(), AnnouncementsCheck(),
            PermissionsCheck(),
            CallbacksCheck(),
        ]
    }

    /// Checks the package in a directory.
    ///
    /// - Parameters:
    ///   - subject: The package.
    ///   - path: What the report calls it.
    ///   - program: The worker program.
    ///   - scratch: An empty directory for what the plugin writes.
    ///   - options: How it is checked.
    /// - Returns: What came out of each check.
    /// - Throws: `SystemError` if the system gives no thread.
    package static func check(
        _ subject: Subject,
        path: String,
        program: WorkerProcess.Program,
        scratch: String,
        options: Options = Options()
    ) async throws -> ConformanceReport {
        let reactor = try Reactor()
        defer { reactor.stop() }
        try SystemError.check("make \(scratch)/data") { mkdir("\(scratch)/data", 0o700) }
        let bench = Bench(
            subject: subject,
            givenSettings: options.settings,
            reactor: reactor,
            program: program,
            scratch: scratch,
            deadline: .now + options.timeLimit
        )
        var results: [ConformanceReport.Result] = []
        for check in checks where options.includes(check) {
            let begun = ContinuousClock.now
            let verdict = await verdict(of: check, on: bench)
            results.append(
                ConformanceReport.Result(
                    name: check.name,
                    group: check.group,
                    purpose: check.purpose,
                    verdict: verdict,
                    milliseconds: (ContinuousClock.now - begun).wholeMilliseconds
                )
            )
        }
        return ConformanceReport(
            path: path,
            plugin: bench.manifest?.id.text,
            version: bench.manifest.map { "\($0.version)" },
            results: results
        )
    }

    private static func verdict(of check: any Check, on bench: Bench) async -> Verdict {
        if bench.reached < check.need {
            // The first thing that is missing explains all the others.
            let missing = Need(rawValue: bench.reached.rawValue + 1) ?? check.need
            return .skipped(missing.excuse)
        }
        guard bench.hasTime || check is CallbacksCheck else {
            return .skipped("the time was over; --time-limit SECONDS gives more")
        }
        return await check.verdict(on: bench)
    }
}
