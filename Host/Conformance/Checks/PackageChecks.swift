import Manifests

/// `plugin.yaml` says what it has to.
struct ManifestCheck: Check {
    let name = "manifest"
    let group = CheckGroup.package
    let purpose = "plugin.yaml has every key that it needs, and none that nobody knows"
    let need = Need.nothing

    func verdict(on bench: Bench) async -> Verdict {
        switch bench.subject.manifest {
        case .success(let manifest):
            bench.reach(.manifest)
            return .passed("\(manifest.id) \(manifest.version)")
        case .failure(let error):
            return .failed(error.description, mend: "docs/manifest.md describes every key")
        }
    }
}

/// The file that the manifest names can be loaded on this machine at all.
struct EntryCheck: Check {
    let name = "entry"
    let group = CheckGroup.package
    let purpose = "the manifest's entry is a shared object in the package, built for this machine"
    let need = Need.manifest

    func verdict(on bench: Bench) async -> Verdict {
        switch bench.subject.entry {
        case .failure(let error):
            return .failed("\(error)", mend: "put the .so beside plugin.yaml, and its name after \"entry:\"")
        case .success:
            guard bench.subject.code != nil else {
                return .failed(
                    "the file has no dynamic section that can be read",
                    mend: "link it with -shared, and do not strip its dynamic symbols"
                )
            }
            bench.reach(.code)
            return .passed()
        }
    }
}
