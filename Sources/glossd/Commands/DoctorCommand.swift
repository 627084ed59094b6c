import ArgumentParser
import GlossServer

/// Looks at everything a server needs.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Look at everything the server needs, and say what to do about it.",
        discussion: "Changes nothing. Ends with 1 if something is wrong; a warning is not.")
    @OptionGroup var common: CommonOptions
    @OptionGroup var options: ConfigurationOptions

    func run() async throws {
        let resolved = try options.sources(common).resolve()
        var doctor = Doctor(resolved.configuration)
        let findings = await doctor.examine()
        if common.json {
            for finding in findings { Output.data(finding.json) }
        } else {
            Output.table(
                ["", "WHAT", "FOUND"],
                findings.map { [$0.level.rawValue, $0.name, $0.message] })
            for finding in findings {
                guard let advice = finding.advice else { continue }
                Output.data("\(finding.name): \(advice)")
            }
        }
        if findings.contains(where: { $0.level == .error }) {
            throw ExitCode(ExitStatus.failed.rawValue)
        }
    }
}
