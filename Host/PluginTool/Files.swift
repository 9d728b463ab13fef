import Glibc
import HostAPI

/// Files and directories, as far as this program needs them.
enum Files {
    /// Where this program lies.
    static var directoryOfThisProgram: String {
        guard let program = resolve("/proc/self/exe") else { return "." }
        return parent(of: program)
    }

    static func resolve(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    static func parent(of path: String) -> String {
        "/" + path.split(separator: "/").dropLast().joined(separator: "/")
    }

    static func name(of path: String) -> String {
        path.split(separator: "/").last.map(String.init) ?? path
    }

    /// The file's bytes.
    ///
    /// - Throws: If it cannot be read, or has more than `limit` bytes.
    static func read(_ path: String, limit: Int = 16 << 20) throws(Failure) -> [UInt8] {
        guard let file = fopen(path, "re") else { throw failure("\(path) cannot be read") }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while bytes.count <= limit {
            let count = fread(&buffer, 1, buffer.count, file)
            bytes += buffer[..<count]
            guard count == buffer.count else {
                if ferror(file) != 0 { throw failure("\(path) cannot be read") }
                return bytes
            }
        }
        throw Failure(.invalidArgument, "\(path) has more than \(limit >> 20) MiB")
    }

    /// Makes a file that is not there yet.
    ///
    /// - Throws: If it is there, or the disk does not take it.
    static func create(_ path: String, _ bytes: [UInt8]) throws(Failure) {
        guard let file = fopen(path, "wxe") else { throw failure("\(path) cannot be made") }
        let written = fwrite(bytes, 1, bytes.count, file)
        guard fclose(file) == 0, written == bytes.count else { throw failure("\(path) cannot be written") }
    }

    /// Makes a directory, and those above it.
    ///
    /// - Throws: If that is not possible.
    static func makeDirectory(_ path: String) throws(Failure) {
        if mkdir(path, 0o755) == 0 || errno == EEXIST { return }
        guard errno == ENOENT, parent(of: path) != path else { throw failure("the directory \(path) cannot be made") }
        try makeDirectory(path.hasPrefix("/") ? parent(of: path) : String(parent(of: path).dropFirst()))
        guard mkdir(path, 0o755) == 0 else { throw failure("the directory \(path) cannot be made") }
    }

    /// The names in a directory, sorted; empty if it cannot be read.
    static func names(in directory: String) -> [String] {
        guard let stream = opendir(directory) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    private static func failure(_ sentence: String) -> Failure {
        let reason = String(cString: strerror(errno))
        return Failure(.invalidArgument, "\(sentence): \(reason)")
    }
}
