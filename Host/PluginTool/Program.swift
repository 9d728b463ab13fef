import ArgumentParser

/// Where the program begins.
@main
enum Program {
    static func main() async {
        Interruption.prepare()
        await HearthPlugin.main()
    }
}
