import ArgumentParser

/// `-n`, for every command that writes.
struct DryRunOption: ParsableArguments {
    @Flag(
        name: [.customShort("n"), .customLong("dry-run")],
        help: "Write nothing; say what would be done.")
    var isOn = false

    /// What a request says of it.
    var request: Bool? { isOn ? true : nil }

    /// Says that nothing was written, if that is so.
    func tell() {
        if isOn { Output.message("Nothing was written.") }
    }
}
