import HostAPI
import Manifests

/// Fetches indexes and documents with further versions, and reads them.
struct DocumentReader: Sendable {
    static let patience = Duration.seconds(10)

    let web: WebReader

    /// A document as it came.
    struct Text: Sendable {
        var file: RegistryFile
        var bytes: [UInt8]
    }

    /// Fetches the first of the files that is there.
    ///
    /// - Throws: Never `absent`: a registry without its documents is one that does not work.
    func text(_ files: [RegistryFile], known: Validators?) async throws(RegistryProblem) -> Fetched<Text> {
        for file in files {
            do throws(RegistryProblem) {
                switch file {
                case .web(let address): return try await text(address, known)
                case .local(let directory, let path): return try await text(directory, path, known)
                }
            } catch {
                if error.kind != .absent { throw error }
                guard file == files.last else { continue }
                throw RegistryProblem(.unusable, error.failure.message, hint: "Is there a registry at that place?")
            }
        }
        throw RegistryProblem(.unusable, "The registry has no index.")
    }

    /// Reads an index.
    ///
    /// - Throws: `unusable` if it is none.
    static func index(_ text: Text) throws(RegistryProblem) -> PluginIndex {
        try read(text) { (reader) throws(IndexProblem) in try reader.index(text.bytes) }
    }

    /// Reads a plugin's further versions.
    ///
    /// - Throws: `unusable` if the document is something else.
    static func furtherVersions(_ text: Text, of id: PluginID) throws(RegistryProblem) -> IndexedVersions {
        try read(text) { (reader) throws(IndexProblem) in try reader.furtherVersions(text.bytes, of: id) }
    }

    private static func read<Value>(
        _ text: Text,
        _ body: (IndexReader) throws(IndexProblem) -> Value
    ) throws(RegistryProblem) -> Value {
        do throws(IndexProblem) {
            return try body(IndexReader(origin: text.file, syntax: ProblemReport()))
        } catch {
            throw RegistryProblem(
                .unusable,
                "\(text.file.text) is not an index that can be used: \(error).",
                hint: "Is this the address of the index itself?"
            )
        }
    }

    private func text(_ address: WebAddress, _ known: Validators?) async throws(RegistryProblem) -> Fetched<Text> {
        // What lies between us and the registry must ask, too.
        var headers = ["Accept: application/json, application/yaml;q=0.9, */*;q=0.1", "Cache-Control: no-cache"]
        if let tag = known?.entityTag { headers.append("If-None-Match: \(tag)") }
        if let time = known?.lastModified { headers.append("If-Modified-Since: \(time)") }
        let request = WebRequest(
            address: address,
            headers: headers,
            patience: .total(Self.patience),
            isCompressible: true
        )
        let body = CollectedBody(limit: IndexText.sizeLimit)
        let answer = try await web.read(request, into: body)
        if answer.status == 304 {
            if known != nil { return .unchanged }
            throw RegistryProblem(.unusable, "\(address) says that nothing has changed, but was not asked that.")
        }
        let validators = Validators(entityTag: answer.entityTag, lastModified: answer.lastModified)
        return .new(Text(file: .web(address), bytes: body.contents), validators)
    }

    private func text(
        _ directory: String,
        _ path: String,
        _ known: Validators?
    ) async throws(RegistryProblem) -> Fetched<Text> {
        let result = await onThread { () -> Result<Fetched<Text>, RegistryProblem> in
            do throws(RegistryProblem) {
                let body = CollectedBody(limit: IndexText.sizeLimit)
                let found = try LocalFile.read(directory, path, known: known) { (bytes) throws(RegistryProblem) in
                    try body.receive(bytes)
                }
                guard let found else { return .success(.unchanged) }
                let file = RegistryFile.local(directory: directory, path: path)
                return .success(.new(Text(file: file, bytes: body.contents), found))
            } catch {
                return .failure(error)
            }
        }
        guard let result else { throw RegistryProblem(.local, "The system has no thread left to read the registry.") }
        return try result.get()
    }
}
