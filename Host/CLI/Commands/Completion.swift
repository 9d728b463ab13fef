import ArgumentParser
import HostAPI

/// `hostctl completion bash|zsh|fish`
struct Completion: LocalCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print the completion script for a shell.",
        discussion: """
            bash: hostctl completion bash > ~/.local/share/bash-completion/completions/hostctl
            zsh:  hostctl completion zsh > ~/.zfunc/_hostctl   (with ~/.zfunc in fpath)
            fish: hostctl completion fish > ~/.config/fish/completions/hostctl.fish
            """
    )

    enum Shell: String, CaseIterable, ExpressibleByArgument {
        case bash
        case zsh
        case fish
    }

    @Argument(help: "The shell.")
    var shell: Shell

    @OptionGroup(title: "Options of every command")
    var options: GlobalOptions

    func run(_ output: Output) throws(Failure) {
        let shell: CompletionShell =
            switch shell {
            case .bash: .bash
            case .zsh: .zsh
            case .fish: .fish
            }
        output.data(Hostctl.completionScript(for: shell) + "\n")
    }
}
