import CommandLine
import Glibc

exit(await runHostctl(Array(Swift.CommandLine.arguments.dropFirst()), in: .ofThisProcess))
