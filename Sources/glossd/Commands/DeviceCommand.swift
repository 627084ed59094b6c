import ArgumentParser
import GlossServer

/// Devices.
struct DeviceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "device", abstract: "List devices and cut them off.",
        subcommands: [List.self, Revoke.self])

    /// Lists devices.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List devices.")
        @OptionGroup var common: CommonOptions

        func run() async throws {
            try await common.perform(AdminRequest(.devices), show: DeviceCommand.show)
        }
    }

    /// Cuts a device off.
    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "revoke", abstract: "Cut a device off, at once and for good.")
        @OptionGroup var common: CommonOptions
        @OptionGroup var dry: DryRunOption
        @Argument(help: "The device's id.") var id: String

        func run() async throws {
            try await common.perform(
                AdminRequest(.revoke, name: id, dry: dry.request), show: DeviceCommand.show)
            dry.tell()
        }
    }

    private static func show(_ report: AdminReport) {
        let rows = (report.devices ?? []).map { device in
            [
                device.id, device.user, device.label, device.lastSeen ?? "never",
                device.revoked.map { "revoked \($0)" } ?? "",
            ]
        }
        Output.table(["DEVICE", "USER", "NAME", "LAST SEEN", ""], rows)
    }
}
