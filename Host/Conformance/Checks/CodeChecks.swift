/// Nothing but the entry can be found by name.
struct ExportsCheck: Check {
    static let entryName = "hearth_plugin_entry"

    let name = "exports"
    let group = CheckGroup.code
    let purpose = "the shared object exports hearth_plugin_entry, and nothing else"
    let need = Need.code

    func verdict(on bench: Bench) async -> Verdict {
        let exports = bench.subject.code?.exports ?? []
        guard let entry = exports.first(where: { $0.name == Self.entryName }) else {
            return .failed(
                "it does not export \(Self.entryName)",
                mend: "define it as docs/plugin-authors.md shows, in C with HEARTH_EXPORT in front"
            )
        }
        let others = exports.map(\.name).filter { $0 != Self.entryName }
        guard others.isEmpty else {
            return .failed(
                "it also exports \(Self.list(others))",
                mend: "link with -Wl,--version-script=PluginAPI/plugin.map, or compile with -fvisibility=hidden"
            )
        }
        guard !entry.isWeak else {
            return .failed("\(Self.entryName) is a weak symbol", mend: "define it without __attribute__((weak))")
        }
        return .passed()
    }

    private static func list(_ names: [String]) -> String {
        let shown = names.prefix(5).joined(separator: ", ")
        return names.count > 5 ? "\(shown) and \(names.count - 5) more" : shown
    }
}

/// The code can be shared between processes, and its stack is not code.
struct RelocationsCheck: Check {
    let name = "relocations"
    let group = CheckGroup.code
    let purpose = "the code is position-independent, and needs no executable stack"
    let need = Need.code

    func verdict(on bench: Bench) async -> Verdict {
        if bench.subject.code?.hasTextRelocations == true {
            return .failed(
                "it has text relocations (TEXTREL): its code must be changed in memory to be loaded",
                mend: "compile every object with -fPIC"
            )
        }
        if bench.subject.code?.hasExecutableStack == true {
            return .warning(
                "it asks for an executable stack, which hardened systems refuse",
                mend: "link with -Wl,-z,noexecstack; assembler files need a .note.GNU-stack section"
            )
        }
        return .passed()
    }
}

/// Code with a language runtime stays loaded until its process ends.
struct UnloadingCheck: Check {
    let name = "unloading"
    let group = CheckGroup.code
    let purpose = "code that pointers of a language runtime lead to is never unloaded"
    let need = Need.code

    func verdict(on bench: Bench) async -> Verdict {
        guard let code = bench.subject.code else { return .skipped("it cannot be read") }
        let hasSwift = code.needed.contains { $0.hasPrefix("libswiftCore.so") }
        guard hasSwift, !code.isNeverUnloaded else { return .passed() }
        return .warning(
            "it uses Swift and is not linked with -z nodelete; hearth-worker never unloads it, but another host may",
            mend: "add -Xlinker -z -Xlinker nodelete to the linker settings of its product"
        )
    }
}

/// The libraries that it needs are there, and not only on the author's machine.
struct LibrariesCheck: Check {
    let name = "libraries"
    let group = CheckGroup.code
    let purpose = "the libraries that it needs are in the package or come with the system"
    let need = Need.code

    func verdict(on bench: Bench) async -> Verdict {
        guard let code = bench.subject.code, let path = try? bench.subject.entry.get() else {
            return .skipped("it cannot be read")
        }
        let origin = path.split(separator: "/").dropLast().map { "/" + $0 }.joined()
        let search = LibrarySearch.here
        var outside: [String] = []
        var missing: [String] = []
        for library in code.needed {
            switch search.find(library, runPath: code.runPath, origin: origin) {
            case .found: break
            case .foundOutside(let directory): outside.append("\(library) in \(directory)")
            case .missing: missing.append(library)
            }
        }
        if !missing.isEmpty {
            return .failed(
                "nobody has \(missing.joined(separator: ", "))",
                mend:
                    "put it into the package and link with -Wl,-rpath,'$ORIGIN', or say which package of the system has it"
            )
        }
        if !outside.isEmpty {
            return .warning(
                "found only on this machine: \(outside.joined(separator: ", "))",
                mend: "put it into the package and link with -Wl,-rpath,'$ORIGIN'"
            )
        }
        return .passed()
    }
}
