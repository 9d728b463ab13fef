import HostAPI

/// What the host in memory answers about changes, passes, desired-state files and the registry.
extension TestHost {
    static let task = ChangeTask(
        name: "unpack",
        title: "unpack kasa-1.1.0.tar.gz",
        state: "doing",
        progress: ChangeTask.Progress(done: 1, total: 2)
    )
    static let change = Change(
        number: 12,
        kind: .upgrade,
        plugin: "kasa",
        summary: "upgrade kasa 1.0.0 to 1.1.0",
        author: "user",
        state: .doing,
        tasks: [task],
        created: time
    )
    static let undone = Change(
        number: 12,
        kind: .upgrade,
        plugin: "kasa",
        summary: "upgrade kasa 1.0.0 to 1.1.0",
        author: "user",
        state: .undone,
        message: "It was aborted.",
        failure: Failure(.undone, "It was aborted."),
        created: time,
        ended: time
    )
    static let finding = Finding(
        plugin: "kasa",
        kind: "running-differs",
        description: "kasa does not run",
        action: "auto-fix",
        current: "stopped",
        expected: "running",
        result: "started",
        outcome: "fixed"
    )
    static let report = ReconcileReport(
        findings: [finding],
        found: 1,
        fixed: 1,
        manual: 0,
        isDryRun: false,
        summary: "1 inconsistency found, 1 fixed, 0 need attention",
        milliseconds: 1.5
    )
    static let homeReport = HomeReport(
        file: "home.yaml",
        differences: [HomeDifference(plugin: "kasa", kind: "enable", current: "off", wanted: "on", line: 3)],
        summary: "1 difference"
    )
    static let catalogue = Catalogue(
        registry: "https://example.org/index.json",
        entries: [
            CatalogueEntry(
                id: "kasa",
                name: "Kasa",
                description: "Plugs.",
                category: "lighting",
                tags: ["tp-link"],
                versions: [CatalogueVersion(version: "1.1.0", size: 1_000, obstacle: "it needs Hearth 2.0.0")],
                installedVersion: "1.0.0"
            )
        ],
        fetchedAt: time,
        isStale: true,
        problem: "No route to host."
    )

    func begin(_ request: ChangeRequest) async throws(Failure) -> ChangePlan {
        let flags = [
            request.isPurge ? "purge" : nil, request.isConsented ? "consented" : nil, request.isDryRun ? "dry" : nil,
        ]
        let words = [request.kind.rawValue, request.plugin ?? "-", request.source ?? "-", request.version ?? "-"]
        try ask((["begin"] + words + flags.compactMap(\.self)).joined(separator: " "))
        return ChangePlan(
            change: Self.change,
            summary: Self.change.summary,
            steps: ["unpack"],
            permissions: .object(["listen": .array([.integer(80)])])
        )
    }

    func changes(_ query: ChangesQuery) async throws(Failure) -> [Change] {
        try ask("changes \(query.plugin ?? "of all") \(query.limit)")
        return [Self.change]
    }

    func change(_ number: Int64) async throws(Failure) -> Change {
        try ask("change \(number)")
        return Self.change
    }

    func watchChange(_ number: Int64) async throws(Failure) -> AsyncThrowingStream<Change, any Error> {
        try ask("watch \(number)")
        return AsyncThrowingStream { continuation in
            continuation.yield(Self.change)
            continuation.yield(Self.undone)
            continuation.finish()
        }
    }

    func abortChange(_ number: Int64) async throws(Failure) -> Change {
        try ask("abort \(number)")
        return Self.undone
    }

    func reconcile(_ request: ReconcileRequest) async throws(Failure) -> ReconcileReport {
        let flags = [request.isForced ? "forced" : nil, request.isDryRun ? "dry" : nil].compactMap(\.self)
        try ask((["reconcile"] + flags + request.plugins).joined(separator: " "))
        return Self.report
    }

    func diffHome(_ document: HomeDocument) async throws(Failure) -> HomeReport {
        try ask("diff \(document.file) \(document.directory) \(document.text)")
        return Self.homeReport
    }

    func applyHome(_ document: HomeDocument) async throws(Failure) -> HomeReport {
        try ask("apply \(document.file) \(document.directory) \(document.text)")
        return Self.homeReport
    }

    func exportHome() async throws(Failure) -> String {
        try ask("export")
        return "apiVersion: home/1\n"
    }

    func search(_ words: String?) async throws(Failure) -> Catalogue {
        try ask("search \(words ?? "for all")")
        return Self.catalogue
    }
}
