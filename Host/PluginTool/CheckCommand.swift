import ArgumentParser
import Conformance
import Glibc
import HostAPI
import Manifests
import Packages

/// `check`: does the plugin keep the rules?
struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Checks whether a plugin keeps the rules of PluginAPI.",
        discussion: """
            The plugin is loaded, started, stopped and asked for impossible things in processes of its own. It runs as it \
            would in the host, with its default settings, and may reach for its devices; no command of it is carried out. \
            The status is 0 if nothing failed, 2 if something did, 78 if there is no package to check.
            """
    )

    @Argument(help: "A package: a directory, a .tar.gz, or a .so that carries its manifest.")
    var package: String

    @Option(help: "A YAML or JSON file with settings that the plugin needs; they stay as they are in all checks.")
    var settings: String?

    @Option(name: .shortAndLong, help: "table or json.")
    var output = OutputFormat.table

    @Option(help: "The time after which no further check begins, in seconds.")
    var timeLimit = 60

    @Option(help: "The name of a check to be done alone, beside those that it needs. May be given several times.")
    var only: [String] = []

    @Option(help: "The path of hearth-worker, if it is not beside this program.")
    var worker: String?

    enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
        case table
        case json
    }

    func validate() throws {
        guard (1...3_600).contains(timeLimit) else {
            throw ValidationError("--time-limit is from 1 to 3600 seconds, not \(timeLimit)")
        }
        let names = ConformanceRun.checks.map(\.name)
        for name in only where !names.contains(name) {
            throw ValidationError("there is no check \"\(name)\"; there are: \(names.joined(separator: ", "))")
        }
    }

    func run() async throws {
        let report: ConformanceReport
        do {
            report = try await ScratchDirectory.with { try await check(in: $0) }
        } catch let code as ExitCode {
            throw code
        } catch {
            throw Ending.failed(Failure(error))
        }
        switch output {
        case .json: print(report.jsonValue.prettyText)
        case .table:
            let isColoured = isatty(STDOUT_FILENO) == 1 && getenv("NO_COLOR") == nil
            print(ReportText(report: report, isColoured: isColoured).description)
        }
        throw ExitCode(report.exitStatus.rawValue)
    }

    private func check(in scratch: String) async throws -> ConformanceReport {
        let program = try WorkerLocation.program(at: worker)
        let subject: Subject
        do {
            subject = try Subject(directory: try directory(in: scratch))
        } catch {
            throw Ending.failed(Failure(error), status: .badConfiguration)
        }
        return try await ConformanceRun.check(
            subject,
            path: package,
            program: program,
            scratch: scratch,
            options: ConformanceRun.Options(
                settings: try givenSettings(),
                timeLimit: .seconds(timeLimit),
                only: only.isEmpty ? nil : Set(only)
            )
        )
    }

    /// The package as a directory: itself, or what is unpacked from it.
    private func directory(in scratch: String) throws(Failure) -> String {
        let source = try PackageSource(path: package)
        if case .directory(let path) = source { return path }
        let directory = "\(scratch)/package"
        try PackageUnpacker.unpack(source, to: directory)
        return directory
    }

    private func givenSettings() throws -> JSONValue? {
        guard let settings else { return nil }
        do {
            let document = try YAMLParser.parse(try Files.read(settings), file: settings).jsonValue
            guard document.objectValue != nil else {
                throw Failure(.invalidArgument, "\(settings) holds \(document.kindName), not settings: KEY: VALUE")
            }
            return document
        } catch let error as ManifestError {
            throw Failure(.invalidArgument, "\(error)")
        }
    }
}
