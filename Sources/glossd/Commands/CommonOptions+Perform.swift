import ArgumentParser
import GlossServer

extension CommonOptions {
    /// Has the server do something, and prints the report: as JSON, or with `show`.
    func perform(_ request: AdminRequest, show: (AdminReport) -> Void) async throws {
        let directory = try configuration().dataDirectory
        let report = try await Administration.perform(request, dataDirectory: directory)
        if json { Output.data(report.json) } else { show(report) }
    }
}
