public import GlossCore

extension SQLiteStore {
    /// The ``Store`` requirement.
    public func addLibrary(_ library: LibraryRecord) async throws(StoreError) {
        try await write { (store) throws(StoreError) in
            guard
                try !store.exists(
                    "SELECT 1 FROM libraries WHERE id = ? OR name = ?",
                    [library.id.sql, library.name])
            else { throw StoreError(.exists, "There is a library “\(library.name)” already.") }
            try store.run(
                "INSERT INTO libraries (id, name, created_at) VALUES (?, ?, ?)",
                [library.id.sql, library.name, library.createdAt])
        }
    }

    /// The ``Store`` requirement.
    public func libraries() async throws(StoreError) -> [LibraryRecord] {
        try await read { (store) throws(StoreError) in
            try store.all(
                "SELECT id, name, created_at FROM libraries ORDER BY name", [],
                LibraryRecord.init(row:))
        }
    }

    /// The ``Store`` requirement.
    public func library(_ id: LibraryID) async throws(StoreError) -> LibraryRecord? {
        try await read { (store) throws(StoreError) in
            try store.first(
                "SELECT id, name, created_at FROM libraries WHERE id = ?", [id.sql],
                LibraryRecord.init(row:))
        }
    }

    /// The ``Store`` requirement.
    public func library(named name: String) async throws(StoreError) -> LibraryRecord? {
        try await read { (store) throws(StoreError) in
            try store.first(
                "SELECT id, name, created_at FROM libraries WHERE name = ?", [name],
                LibraryRecord.init(row:))
        }
    }

    /// The ``Store`` requirement.
    public func members(of library: LibraryID) async throws(StoreError) -> [Membership] {
        try await read { (store) throws(StoreError) in
            try store.all(
                "SELECT library, user, role FROM members WHERE library = ? ORDER BY user",
                [library.sql], Membership.init(row:))
        }
    }

    /// The ``Store`` requirement.
    public func memberships(of user: String) async throws(StoreError) -> [Membership] {
        try await read { (store) throws(StoreError) in
            let found = try store.all(
                "SELECT library, user, role FROM members WHERE user = ?", [user],
                Membership.init(row:))
            return found.sorted { $0.library.rawValue < $1.library.rawValue }
        }
    }

    /// The ``Store`` requirement.
    public func role(
        of user: String, in library: LibraryID
    ) async throws(StoreError) -> Role? {
        try await read { (store) throws(StoreError) in
            try store.role(of: user, in: library)
        }
    }

    /// The ``Store`` requirement.
    public func setRole(
        _ role: Role?, of user: String, in library: LibraryID
    ) async throws(StoreError) {
        try await write { (store) throws(StoreError) in
            try store.requireLibrary(library)
            guard try store.hasUser(user) else { throw AccountRules.unknown(user: user) }
            let previous = try store.role(of: user, in: library)
            if let role {
                try store.run(
                    "INSERT OR REPLACE INTO members (library, user, role) VALUES (?, ?, ?)",
                    [library.sql, user, role.rawValue])
            } else {
                try store.run(
                    "DELETE FROM members WHERE library = ? AND user = ?", [library.sql, user])
            }
            if role == nil {
                try store.run(
                    "DELETE FROM document_roles WHERE library = ? AND user = ?",
                    [library.sql, user])
            }
            guard AccountRules.loses(previous, role) else { return }
            try store.run(
                """
                DELETE FROM invitations
                WHERE library = ? AND (creator = ? OR ? AND for_user = ?)
                """, [library.sql, user, role == nil, user])
        }
    }

    /// The ``Store`` requirement.
    public func addUser(_ user: UserRecord) async throws(StoreError) {
        try await write { (store) throws(StoreError) in
            guard try !store.hasUser(user.name) else {
                throw StoreError(.exists, "There is an account “\(user.name)” already.")
            }
            try store.insert(user)
        }
    }

    /// The ``Store`` requirement.
    public func users() async throws(StoreError) -> [UserRecord] {
        try await read { (store) throws(StoreError) in
            try store.all("SELECT name, created_at FROM users ORDER BY name") {
                (row: inout Columns) throws(StoreError) in
                UserRecord(name: try row.text(), createdAt: try row.int())
            }
        }
    }
}

extension Connection {
    func requireLibrary(_ library: LibraryID) throws(StoreError) {
        guard try exists("SELECT 1 FROM libraries WHERE id = ?", [library.sql]) else {
            throw AccountRules.unknown(library)
        }
    }

    func hasUser(_ name: String) throws(StoreError) -> Bool {
        try exists("SELECT 1 FROM users WHERE name = ?", [name])
    }

    func insert(_ user: UserRecord) throws(StoreError) {
        try run("INSERT INTO users (name, created_at) VALUES (?, ?)", [user.name, user.createdAt])
    }

    func role(of user: String, in library: LibraryID) throws(StoreError) -> Role? {
        try first(
            "SELECT role FROM members WHERE library = ? AND user = ?", [library.sql, user]
        ) { (row: inout Columns) throws(StoreError) -> Role in try row.named() }
    }
}

extension LibraryRecord {
    init(row: inout Columns) throws(StoreError) {
        self.init(id: try row.library(), name: try row.text(), createdAt: try row.int())
    }
}

extension Membership {
    init(row: inout Columns) throws(StoreError) {
        self.init(library: try row.library(), user: try row.text(), role: try row.named())
    }
}
