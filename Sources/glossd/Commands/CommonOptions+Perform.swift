import ArgumentParser
import GlossServer

extension CommonOptions {
    /// Has the server do something, and prints the report: as JSON, or with `show`.
    @discardableResult
    func perform(
        _ request: AdminRequest, show: (AdminReport) -> Void
    ) async throws -> AdminReport {
        let directory = try configuration().dataDirectory
        let report = try await Administration.perform(request, dataDirectory: directory)
        if json { Output.data(report.json) } else { show(report) }
        return report
    }
}
