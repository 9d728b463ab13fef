import HostAPI
import Manifests
import Runtime

/// Loading does nothing but loading.
struct LoadCheck: Check {
    /// As the host's probe.
    private static let limit: Duration = .seconds(5)
    private static let slow: Duration = .milliseconds(250)

    let name = "load"
    let group = CheckGroup.loading
    let purpose = "a worker loads the code and calls hearth_plugin_entry(), quickly and without a crash"
    let need = Need.code

    func verdict(on bench: Bench) async -> Verdict {
        guard let session = bench.session() else { return .skipped(Need.code.excuse) }
        let loaded: WorkerMessage.Loaded?
        do {
            loaded = try await session.load(isProbe: true, within: Self.limit)
        } catch {
            return .skipped("no worker could be started: \(error)")
        }
        let ending = await session.ending
        await session.kill()
        guard let loaded else {
            let mend = "constructors and hearth_plugin_entry() must do nothing: the work begins in start"
            if let ending { return .failed("the worker ended while it loaded the code: \(ending)", mend: mend) }
            return .failed("it was not loaded within \(Self.limit.shown): it hangs", mend: mend)
        }
        bench.loaded = loaded
        if loaded.outcome == .ok { bench.reach(.loading) }
        if loaded.outcome == .dlopenFailed || loaded.outcome == .entryMissing || loaded.outcome == .fileMissing {
            return .failed(
                "\(loaded.outcome.rawValue): \(loaded.message)",
                mend: "the message of the loader says what is missing"
            )
        }
        if loaded.outcome == .startFailed, IdentityCheck.mismatch(bench) == nil {
            return .failed(loaded.message, mend: "fill in the table as the templates do")
        }
        let time = Duration.microseconds(Int64(clamping: loaded.microseconds))
        if time > Self.slow {
            return .warning("it took \(time.shown)", mend: "do nothing in constructors and in initialisers of globals")
        }
        return .passed(time.shown)
    }
}

/// Code and manifest speak of the same plugin.
struct IdentityCheck: Check {
    let name = "identity"
    let group = CheckGroup.loading
    let purpose = "the code's id and version are those of the manifest"
    let need = Need.code

    func verdict(on bench: Bench) async -> Verdict {
        guard let loaded = bench.loaded, !loaded.id.isEmpty else { return .skipped(Need.loading.excuse) }
        guard let mismatch = Self.mismatch(bench) else { return .passed("\(loaded.id) \(loaded.version)") }
        return .failed(mismatch, mend: "make them equal")
    }

    /// Nil if there is none, or nothing is known.
    static func mismatch(_ bench: Bench) -> String? {
        guard let loaded = bench.loaded, let manifest = bench.manifest, !loaded.id.isEmpty else { return nil }
        let inCode = "\(loaded.id) \(loaded.version)"
        let inManifest = "\(manifest.id) \(manifest.version)"
        return inCode == inManifest ? nil : "the code says \(inCode), the manifest says \(inManifest)"
    }
}

/// Host and plugin understand each other.
struct ABICheck: Check {
    let name = "abi"
    let group = CheckGroup.loading
    let purpose = "the code speaks a PluginAPI that the host has, and the manifest says which"
    let need = Need.code

    func verdict(on bench: Bench) async -> Verdict {
        guard let loaded = bench.loaded, let manifest = bench.manifest else { return .skipped(Need.loading.excuse) }
        if loaded.outcome == .abiUnsupported || loaded.outcome == .needsNewerHost {
            return .failed(
                loaded.message,
                mend:
                    "build against the plugin_api.h of this host; min_host_minor is the least that the plugin can do with"
            )
        }
        guard loaded.outcome == .ok else { return .skipped(Need.loading.excuse) }
        let inCode = "\(loaded.abi.major).\(loaded.abi.minor)"
        guard inCode == "\(manifest.abi)" else {
            return .failed(
                "the code was built against PluginAPI \(inCode), the manifest says \(manifest.abi)",
                mend: "write abi: \"\(inCode)\" into the manifest"
            )
        }
        guard loaded.abi.minimumHostMinor <= loaded.abi.minor else {
            return .failed(
                "min_host_minor is \(loaded.abi.minimumHostMinor), more than the \(loaded.abi.minor) that it was built with",
                mend: "set min_host_minor to the oldest minor version that the plugin can work with, usually 0"
            )
        }
        return .passed(inCode)
    }
}
