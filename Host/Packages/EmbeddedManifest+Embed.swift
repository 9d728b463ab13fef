import CLinux
import Glibc
package import HostAPI
import Manifests

extension EmbeddedManifest {
    /// Writes a copy of a `.so` that carries a manifest. Embedding again replaces what is there; the same manifest gives
    /// the same file.
    ///
    /// What the loader maps stays byte for byte where it is. Behind it come the manifest, the section names, and the
    /// table of sections.
    ///
    /// - Parameters:
    ///   - manifest: The content of `plugin.yaml`; it must be a valid one.
    ///   - path: The `.so`.
    ///   - output: The file that is made or replaced; may be `path` itself.
    /// - Throws: If the manifest or the `.so` is not right, or the disk does not take it.
    package static func embed(_ manifest: [UInt8], into path: String, output: String) throws(Failure) {
        do throws(ManifestError) {
            _ = try Manifest(parsing: manifest, file: PackageDirectory.manifestName)
        } catch {
            throw error.failure
        }
        let file = try OpenFile(path, O_RDONLY | O_NONBLOCK)
        let mode = try file.status().st_mode & 0o777
        let bytes: [UInt8]
        do throws(ELFError) {
            bytes = try embedding(manifest, file)
        } catch {
            throw error.failure(of: path)
        }
        try NewFile.write(bytes, to: output, mode: mode)
    }

    private static func embedding(_ manifest: [UInt8], _ file: borrowing OpenFile) throws(ELFError) -> [UInt8] {
        let elf = try ELFFile(file)
        let format = elf.format
        let existing = try index(in: elf)
        var sections = elf.sections.isEmpty ? [ELFSection(type: 0)] : elf.sections
        let room = 0xFF00 - 2
        guard sections.count <= room else {
            throw .malformed("it has \(sections.count) sections, which leaves no room for another")
        }

        let kept = end(of: elf, without: existing)
        var bytes: [UInt8]
        do throws(Failure) {
            bytes = try file.read(at: 0, count: Int(kept))
        } catch {
            throw .failed(error)
        }
        func align(_ alignment: UInt64) {
            while UInt64(bytes.count) % alignment != 0 { bytes.append(0) }
        }

        // The names keep their places, as other sections may refer to them.
        var names = elf.names.isEmpty ? [0] : elf.names
        if names.last != 0 { names.append(0) }
        func offset(ofName name: String) -> UInt64 {
            defer { names += Array(name.utf8) + [0] }
            return UInt64(names.count)
        }

        align(8)
        var section = ELFSection(type: ELFSection.programData)
        section.nameOffset = existing.map { sections[$0].nameOffset } ?? offset(ofName: sectionName)
        section.offset = UInt64(bytes.count)
        section.size = UInt64(manifest.count)
        bytes += manifest
        if let existing { sections[existing] = section } else { sections.append(section) }

        let nameSection = elf.nameSection ?? sections.count
        if elf.nameSection == nil {
            sections.append(ELFSection(type: ELFSection.strings, nameOffset: offset(ofName: ".shstrtab")))
        }
        sections[nameSection].offset = UInt64(bytes.count)
        sections[nameSection].size = UInt64(names.count)
        bytes += names

        align(format.alignment)
        let table = UInt64(bytes.count)
        // Of the first section, the numbers that do not fit into the header; they fit.
        sections[0].size = 0
        sections[0].link = 0
        for section in sections { bytes += section.bytes(format) }
        format.write(table, format.sectionHeaderOffset, &bytes)
        format.write(UInt64(format.sectionHeaderSize), format.sectionHeaderEntrySize, &bytes)
        format.write(UInt64(sections.count), format.sectionHeaderCount, &bytes)
        format.write(UInt64(nameSection), format.nameSectionIndex, &bytes)
        return bytes
    }

    /// Where the file can be cut: what is behind is written anew.
    private static func end(of elf: ELFFile, without manifest: Int?) -> UInt64 {
        var keptEnd = elf.loadedEnd
        var allEnd = elf.loadedEnd
        for (index, section) in elf.sections.enumerated() where section.isInFile {
            let end = section.offset + section.size
            allEnd = max(allEnd, end)
            if index != manifest, index != elf.nameSection { keptEnd = max(keptEnd, end) }
        }
        let table = elf.format.read(elf.format.sectionHeaderOffset, elf.header)
        if table > 0 {
            allEnd = max(allEnd, table + UInt64(elf.sections.count * elf.format.sectionHeaderSize))
        }
        // Nobody knows what is behind the end of all parts: it stays.
        return elf.fileSize > allEnd ? elf.fileSize : keptEnd
    }
}
