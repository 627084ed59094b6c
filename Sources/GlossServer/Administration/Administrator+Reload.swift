extension Administrator {
    func reload() throws(ServerError) -> AdminReport {
        guard let reloader else {
            throw ServerError(
                .unreachable, "No server runs here, so there is nothing to reload.")
        }
        var report = AdminReport("reload")
        report.reload = try reloader.reload(by: actor)
        return report
    }
}
