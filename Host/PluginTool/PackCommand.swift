import ArgumentParser
import Glibc
import HostAPI
import Manifests
import Packages

/// `pack`: a package as one file.
struct PackCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pack",
        abstract: "Makes one file of a package directory: a .tar.gz, or a .so that carries its manifest.",
        discussion: "The same content gives the same bytes; SOURCE_DATE_EPOCH dates the files in a .tar.gz."
    )

    @Argument(help: "The package: a directory with plugin.yaml and the .so.")
    var directory: String

    @Flag(help: "Put the manifest into a copy of the .so instead, for plugins without other files.")
    var embed = false

    @Option(name: .shortAndLong, help: "The file that is made. Default: ID-VERSION.tar.gz or ID.so, here.")
    var output: String?

    func run() throws {
        do {
            let package: Package
            do {
                package = try PackageDirectory.read(directory)
            } catch {
                throw Ending.failed(error.failure, status: .badConfiguration)
            }
            let manifest = package.manifest
            let file = output ?? (embed ? "\(manifest.id).so" : "\(manifest.id)-\(manifest.version).tar.gz")
            if embed { try embed(package, in: file) } else { try PackageArchive.pack(directory, to: file, date: date) }
            print(file)
        } catch let code as ExitCode {
            throw code
        } catch {
            throw Ending.failed(Failure(error))
        }
    }

    private func embed(_ package: Package, in file: String) throws {
        let known: Set = [PackageDirectory.manifestName, package.manifest.entry]
        let others = Files.names(in: directory).filter { !known.contains($0) }
        guard others.isEmpty else {
            throw Failure(
                .invalidArgument,
                "\(directory) has more files than a .so can carry: \(others.prefix(5).joined(separator: ", "))",
                hint: "leave out --embed, or take them away"
            )
        }
        let text = try Files.read("\(directory)/\(PackageDirectory.manifestName)")
        try EmbeddedManifest.embed(text, into: package.entryPath, output: file)
    }

    private var date: Int { getenv("SOURCE_DATE_EPOCH").flatMap { Int(String(cString: $0)) } ?? 0 }
}
