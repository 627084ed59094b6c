import Testing

/// What suites start from: an article of Mira's.
enum Start {
    /// Mira alone, without a server.
    static func alone(
        _ text: String = Sample.article, named name: String = "piece"
    ) async throws -> (desk: Desk, mira: Person) {
        let desk = try Desk()
        let mira = Person("mira", at: desk)
        try await mira.initialize()
        try await add(text, name, by: mira)
        return (desk, mira)
    }

    /// Mira and Jo, who both have the article, and their server.
    static func together(
        _ text: String = Sample.article, named name: String = "piece", jo role: String = "editor"
    ) async throws -> (desk: Desk, server: GlossServerProcess, mira: Person, jo: Person) {
        let desk = try Desk()
        let server = GlossServerProcess(desk)
        let (mira, jo) = (Person("mira", at: desk), Person("jo", at: desk))
        try await server.start()
        try await mira.join(server.firstInvitation())
        try await add(text, name, by: mira)
        try await mira.gloss("sync")
        try await jo.join(server.invite("--role", role))
        return (desk, server, mira, jo)
    }

    /// The same with a short article, `river`.
    static func atRiver() async throws -> (
        desk: Desk, server: GlossServerProcess, mira: Person, jo: Person
    ) {
        try await together("Walls teach the water to climb. Rivers go on.", named: "river")
    }

    private static func add(_ text: String, _ name: String, by person: Person) async throws {
        let file = try person.desk.write(text, to: "\(name).txt")
        try await person.gloss("add", file, "--name", name)
    }
}
