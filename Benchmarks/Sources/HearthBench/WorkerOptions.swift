import ArgumentParser

/// Which plugin is measured, for the commands that start workers.
struct WorkerOptions: ParsableArguments {
    @Option(help: "The path of hearth-worker.")
    var worker: String

    @Option(help: "The plugin's id.")
    var plugin: String

    @Option(help: "The path of the plugin's .so.")
    var entry: String

    @Option(help: "The settings that it starts with, as JSON.")
    var settings = "{}"

    @Option(help: "An existing directory for what the worker writes.")
    var scratch: String

    var plan: WorkerDriver.Plan {
        WorkerDriver.Plan(worker: worker, plugin: plugin, entry: entry, settings: settings, scratch: scratch)
    }
}
