import Glibc
package import HostAPI
import Manifests

/// The manifest in a plugin's code: the section `.hearth` of the `.so`, which holds `plugin.yaml` as it is. It is read
/// without loading the code, and the loader never sees it.
///
/// `objcopy --add-section .hearth=plugin.yaml` makes the same.
package enum EmbeddedManifest {
    package static let sectionName = ".hearth"

    /// Reads the manifest's bytes. They are not parsed.
    ///
    /// - Parameter path: The `.so`.
    /// - Returns: The section, at most 1 MiB.
    /// - Throws: If it is no ELF file, is damaged, or carries no manifest.
    package static func read(_ path: String) throws(Failure) -> [UInt8] {
        try read(try OpenFile(path, O_RDONLY | O_NONBLOCK))
    }

    static func read(_ file: borrowing OpenFile) throws(Failure) -> [UInt8] {
        do throws(ELFError) {
            return try bytes(file)
        } catch {
            throw error.failure(of: file.path)
        }
    }

    /// The section, and what it says.
    static func parse(_ file: borrowing OpenFile) throws(Failure) -> ([UInt8], Manifest) {
        let bytes = try read(file)
        do throws(ManifestError) {
            return (bytes, try Manifest(parsing: bytes, file: "\(file.path), section \(sectionName)"))
        } catch {
            throw error.failure
        }
    }

    private static func bytes(_ file: borrowing OpenFile) throws(ELFError) -> [UInt8] {
        let elf = try ELFFile(file)
        guard let index = try index(in: elf) else {
            throw .failed(
                Failure(
                    .invalidArgument,
                    "\(file.path.shownInMessage) carries no manifest: it has no section \(sectionName).",
                    hint: "put it into a directory beside its plugin.yaml, or embed the manifest with "
                        + "`objcopy --add-section \(sectionName)=plugin.yaml`"
                )
            )
        }
        let section = elf.sections[index]
        guard section.type == ELFSection.programData, section.flags & ELFSection.compressed == 0 else {
            throw .malformed("its section \(sectionName) is not plain data")
        }
        guard section.size <= UInt64(YAMLParser.sizeLimit) else {
            throw .malformed("its section \(sectionName) is larger than 1 MiB")
        }
        do throws(Failure) {
            let bytes = try file.read(at: section.offset, count: Int(section.size))
            guard bytes.count == Int(section.size) else { throw Failure(.busy, "\(file.path) became shorter.") }
            return bytes
        } catch {
            throw .failed(error)
        }
    }

    /// Which section it is; nil if there is none.
    static func index(in elf: ELFFile) throws(ELFError) -> Int? {
        let name = Array(sectionName.utf8)
        let found = elf.sections.indices.dropFirst().filter { elf.name(of: elf.sections[$0]) == name }
        guard found.count <= 1 else { throw .malformed("it has \(found.count) sections \(sectionName)") }
        return found.first
    }
}
