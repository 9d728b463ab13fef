internal import HostAPI
internal import Manifests
internal import Packages
internal import Store

/// Fetches the package from the registry.
struct FetchTask: InstallationTask {
    let name = "fetch"
    let nature = ChangeMachine.Nature.preparing
    let progress: @Sendable (ChangeTask.Progress) -> Void

    func title(_ job: Job) -> String {
        "fetch \(job.plugin) \(job.parameters.release?.version ?? "")"
    }

    func `do`(_ job: inout Job) async throws {
        guard let release = job.parameters.release?.packageRelease(id: job.plugin),
            let catalogue = job.services.catalogue
        else { throw Failure.noRegistry }
        let directory = job.layout.staging(of: job.number)
        try await FileWork.run { () throws(Failure) in
            try Files.removeTree(directory)
            try Files.makeDirectory(directory)
        }
        let report = progress
        try await catalogue.fetch(release, to: "\(directory)/package") { bytes in
            report(ChangeTask.Progress(done: bytes, total: release.size))
        }
    }

    func undo(_ job: inout Job) async throws {
        try await UnpackTask.sweep(job)
    }
}

/// Unpacks or copies the package into the staging directory.
struct UnpackTask: InstallationTask {
    let name = "unpack"
    let nature = ChangeMachine.Nature.preparing
    let progress: @Sendable (ChangeTask.Progress) -> Void

    func title(_ job: Job) -> String {
        if let directory = job.parameters.request.linkedDirectory { return "copy what was built in \(directory)" }
        guard let source = job.parameters.request.source else { return "unpack it" }
        return "unpack \(source.split(separator: "/").last ?? "")"
    }

    func `do`(_ job: inout Job) async throws {
        let source = job.parameters.request.source ?? "\(job.layout.staging(of: job.number))/package"
        let directory = job.layout.staging(of: job.number)
        let tree = job.layout.tree(of: job.number)
        let cancellation = CancellationFlag()
        let (report, size) = (progress, job.parameters.size ?? 0)
        try await withTaskCancellationHandler {
            try await FileWork.run { () throws(Failure) in
                try Files.removeTree(tree)
                try Files.makeDirectory(directory)
                try PackageUnpacker.unpack(
                    PackageSource(path: source),
                    to: tree,
                    isCancelled: { cancellation.isCancelled },
                    progress: { bytes in report(ChangeTask.Progress(done: bytes, total: max(bytes, size))) }
                )
            }
        } onCancel: {
            cancellation.cancel()
        }
    }

    func undo(_ job: inout Job) async throws {
        try await Self.sweep(job)
    }

    static func sweep(_ job: Job) async throws {
        let directory = job.layout.staging(of: job.number)
        try await FileWork.run { () throws(Failure) in try Files.removeTree(directory) }
    }
}

/// Has all that was unpacked on the disk, before anything refers to it.
struct SyncTask: InstallationTask {
    let name = "sync"
    let nature = ChangeMachine.Nature.preparing

    func title(_ job: Job) -> String { "write it to the disk" }

    func `do`(_ job: inout Job) async throws {
        let tree = job.layout.tree(of: job.number)
        try await FileWork.run { () throws(Failure) in try PackageFiles.sync(tree) }
    }
}

/// Loads code that was never loaded before, in a process that is thrown away.
struct ProbeTask: InstallationTask {
    let name = "probe"
    let nature = ChangeMachine.Nature.preparing

    func title(_ job: Job) -> String { "try the code" }

    func `do`(_ job: inout Job) async throws {
        let hash = try job.target().codeHash
        let isProbed = try await job.services.ledger.perform { database throws(StoreError) in
            try database.isProbed(hash: hash)
        }
        job.isProbed = true
        guard !isProbed else { return }
        let tree = job.layout.tree(of: job.number)
        let package = try await FileWork.run { () throws(PackageError) in try PackageDirectory.read(tree) }
        try await job.services.runner.probe(package, codeHash: hash)
    }
}

/// Moves the package to its place in the store.
struct PlaceTask: InstallationTask {
    let name = "place"
    let nature = ChangeMachine.Nature.preparing

    func title(_ job: Job) -> String { "put it into the store" }

    func `do`(_ job: inout Job) async throws {
        let target = try job.target()
        let (tree, place) = (job.layout.tree(of: job.number), job.layout.directory(of: target))
        let (store, marker) = (job.layout.store(of: job.plugin), job.layout.placement(of: job.number))
        let aside = job.layout.trash(of: job.number, job.plugin, "aside")
        let trash = job.layout.trash
        try await FileWork.run { () throws(Failure) in
            guard Files.exists(tree) else { return }
            try Files.makeDirectory(store)
            // A package that is not whole has another hash, or none.
            let present = try? PackageDigest.of(directory: place)
            if present?.packageHash == target.packageHash { return try PackageFiles.sync(place) }
            try Files.write(target.directory, to: marker)
            if Files.exists(place) {
                try Files.makeDirectory(trash)
                try Files.removeTree(aside)
                try Files.move(place, to: aside)
            }
            try Files.move(tree, to: place)
        }
    }

    func undo(_ job: inout Job) async throws {
        let (layout, number, plugin) = (job.layout, job.number, job.plugin)
        try await FileWork.run { () throws(Failure) in
            // Without it nothing was placed. Written in one go, it is whole or names nothing.
            let marker = layout.placement(of: number)
            guard let name = try Files.read(marker) else {
                return try Files.removeIfEmpty(layout.store(of: plugin))
            }
            let (tree, place) = (layout.tree(of: number), "\(layout.store(of: plugin))/\(name)")
            if !name.isEmpty, !name.hasPrefix("."), !name.contains("/") {
                if !Files.exists(tree), Files.exists(place) { try Files.move(place, to: tree) }
                try Files.moveBack(layout.trash(of: number, plugin, "aside"), to: place)
            }
            // From here on nothing in the store is this change's, even if the rest of the staging directory goes first.
            try Files.removeFile(marker)
            try Files.removeIfEmpty(layout.store(of: plugin))
        }
    }
}
