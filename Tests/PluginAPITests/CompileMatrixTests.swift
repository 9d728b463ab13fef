import Foundation
import Testing

/// The header compiles everywhere without a warning, and a plugin can be written against it in C and in C++.
@Suite struct CompileMatrixTests {
    struct Compiler: Sendable, CustomTestStringConvertible {
        var tool: String
        var language: String
        var standard: String
        var testDescription: String { "\(tool) -std=\(standard)" }
    }

    static let compilers = [
        Compiler(tool: "gcc", language: "c", standard: "c11"), Compiler(tool: "gcc", language: "c", standard: "c17"),
        Compiler(tool: "g++", language: "c++", standard: "c++17"),
        Compiler(tool: "clang", language: "c", standard: "c11"),
        Compiler(tool: "clang", language: "c", standard: "c17"),
        Compiler(tool: "clang++", language: "c++", standard: "c++17"),
    ]

    /// Uses every macro, fills in a plugin's table, and calls the host: in the part of C that is C++ too.
    private static let source = """
        #include <plugin_api.h>
        static hearth_status create(const hearth_host *host, const hearth_call *call, void **instance)
        {
            static const char id[] = HEARTH_EXTENSION_LOG;
            hearth_string name = {id, sizeof id - 1};
            const hearth_log *log = (const hearth_log *)host->extension(host, name);
            if (log == NULL || !HEARTH_HAS(log, write)) { call->message(call, name); return HEARTH_UNSUPPORTED; }
            log->write(host, HEARTH_LOG_INFO, name, name);
            *instance = NULL;
            return HEARTH_OK;
        }
        static void destroy(void *instance) { (void)instance; }
        static hearth_status start(void *instance, const hearth_call *call, const hearth_settings *settings)
        {
            (void)instance;
            call->result(call, settings->document);
            return settings->scope == HEARTH_SCOPE_HOT ? HEARTH_PENDING : HEARTH_OK;
        }
        static hearth_status stop(void *instance, const hearth_call *call)
        {
            (void)instance;
            (void)call;
            return HEARTH_OK;
        }
        static const hearth_plugin plugin = {
            sizeof(hearth_plugin), HEARTH_ABI_MAJOR, HEARTH_ABI_MINOR, 0, {"a", 1}, {"1.0.0", 5},
            create, destroy, start, stop, NULL, NULL, NULL, NULL};
        const hearth_plugin *hearth_plugin_entry(void) { return &plugin; }
        """

    @Test(arguments: compilers)
    func compilesWithoutAWarning(compiler: Compiler) throws {
        try withScratchDirectory { directory in
            let file = directory.appending(path: "plugin")
            try CompileMatrixTests.source.write(to: file, atomically: true, encoding: .utf8)
            let result = try Tool(name: compiler.tool).run([
                "-x", compiler.language, "-std=\(compiler.standard)", "-Wall", "-Wextra", "-pedantic", "-Werror",
                "-I", Tree.include.path, "-c", file.path, "-o", directory.appending(path: "plugin.o").path,
            ])
            #expect(result.status == 0, "\(result.output)")
        }
    }

    /// clang and Swift check where NULL may go; that is worth something only if every pointer says so.
    @Test func everyPointerSaysWhetherItMayBeNull() throws {
        try withScratchDirectory { directory in
            let file = directory.appending(path: "header.c")
            try "#include <plugin_api.h>".write(to: file, atomically: true, encoding: .utf8)
            let result = try Tool(name: "clang").run([
                "-fsyntax-only", "-std=c11", "-Wnullability-completeness", "-Werror", "-I", Tree.include.path,
                file.path,
            ])
            #expect(result.status == 0, "\(result.output)")
        }
    }
}
