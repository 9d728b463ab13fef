package import HostAPI

/// The live host: the desired state as a file.
extension HostRuntime {
    package func diffHome(_ document: HomeDocument) async throws(Failure) -> HomeReport {
        try await home.diff(document)
    }

    package func applyHome(_ document: HomeDocument) async throws(Failure) -> HomeReport {
        try await home.apply(document)
    }

    package func exportHome() async throws(Failure) -> String {
        try await home.export()
    }
}
