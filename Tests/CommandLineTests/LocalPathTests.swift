import HostAPI
import Testing

@testable import CommandLine

@Suite struct LocalPathTests {
    @Test(arguments: ["./kasa", "a/b", "/", "kasa.tar.gz", "kasa.tgz", "kasa.so", ".", "..", "kasa/"])
    func knowsPaths(word: String) {
        #expect(LocalPath.isPath(word))
    }

    @Test(arguments: ["kasa", "kasa.tar", "so", "tgz", "kasa.tar.gz.sig", "...", ""]) func knowsNames(word: String) {
        #expect(!LocalPath.isPath(word))
    }

    @Test(arguments: [
        ("kasa", "/home/ann", "/home/ann/kasa"), ("./kasa/", "/home/ann", "/home/ann/kasa"), (".", "/a", "/a"),
        ("../kasa", "/home/ann", "/home/ann/../kasa"), ("/x//y/./z", "/home", "/x/y/z"), ("/", "/home", "/"),
        ("a", "/", "/a"),
    ])
    func makesPathsAbsolute(path: String, directory: String, absolute: String) {
        #expect(LocalPath.absolute(path, from: directory) == absolute)
    }

    @Test(arguments: [("/a/b/home.yaml", "/a/b"), ("/home.yaml", "/"), ("/a/../home.yaml", "/a/..")])
    func knowsWhereAFileIs(path: String, directory: String) {
        #expect(LocalPath.directory(of: path) == directory)
    }

    @Test func findsTheToolsForAuthors() {
        #expect(
            PluginTools.candidates(besideProgram: "/usr/local/bin/hostctl")
                == ["/usr/local/bin/hearth-plugin", "/usr/local/bin/../libexec/hearth/hearth-plugin"]
        )
        let failure = #expect(throws: Failure.self) {
            try PluginTools.location(among: ["/nowhere/hearth-plugin", "/dev/null"])
        }
        #expect(failure?.message.contains("hearth-plugin is not there: looked at /nowhere/hearth-plugin and") == true)
    }
}
