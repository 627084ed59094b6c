import GlossCore
import GlossProtocol
public import GlossStorage

/// A library on this device: replicas, outbox, history and drafts in one file.
///
/// Everything but syncing works without a network. What one call does is one transaction and, if it
/// changes something, one entry of the history.
public final class Library: Sendable {
    /// The name of the file in a library's directory.
    public static let fileName = "library.db"

    /// The directory.
    public let directory: String
    /// The file.
    public let store: LibraryStore
    /// The clock and chance.
    public let environment: ClientEnvironment

    /// Opens the library in a directory.
    ///
    /// - Throws: ``ClientError`` `noLibrary` if there is none, else `library`.
    public init(directory: String, environment: ClientEnvironment) throws {
        let path = directory + "/" + Library.fileName
        guard FileSystem.exists(path) else {
            throw ClientError(
                .noLibrary, "There is no library in \(directory).",
                tries: ["gloss init", "gloss join LINK"])
        }
        self.directory = directory
        self.environment = environment
        do throws(StoreError) {
            store = try LibraryStore(path: path)
        } catch {
            throw ClientError(error)
        }
    }

    private init(directory: String, store: LibraryStore, environment: ClientEnvironment) {
        self.directory = directory
        self.store = store
        self.environment = environment
    }

    /// A copy of the library as it is now, to try a command on: it lives in memory, and nothing that
    /// is done with it is kept.
    public func rehearsal() throws -> Library {
        do throws(StoreError) {
            return Library(
                directory: directory, store: try store.copyInMemory(), environment: environment)
        } catch {
            throw ClientError(error)
        }
    }

    /// Makes a library in a directory that has none, for this machine only.
    ///
    /// - Parameters:
    ///   - user: the name its notes carry until a server gives another.
    ///   - label: what this device is called.
    public static func create(
        in directory: String, user: String, label: String, environment: ClientEnvironment
    ) throws -> Library {
        let path = directory + "/" + fileName
        guard !FileSystem.exists(path) else {
            throw isThere(directory, environment)
        }
        try FileSystem.makeDirectory(directory)
        // It gets its name when it is whole: who is interrupted can do it again.
        let draft = path + ".new"
        for leftover in [draft, draft + "-journal"] { FileSystem.remove(leftover) }
        do {
            let store = try LibraryStore(path: draft)
            try store.write { writer in
                try writer.setMeta(.user, to: user)
                try writer.setMeta(.deviceLabel, to: label)
                try writer.setMeta(.deviceID, to: Secret.deviceID(environment).description)
                try writer.setMeta(.deviceSecret, to: Secret.make(environment))
            }
            try store.close()
        } catch let error as StoreError {
            throw ClientError(
                StoreError(error.code, error.message.replacing(draft, with: path)))
        }
        try FileSystem.publish(draft, as: path)
        return try Library(directory: directory, environment: environment)
    }

    private static func isThere(
        _ directory: String, _ environment: ClientEnvironment
    ) -> ClientError {
        let library = try? Library(directory: directory, environment: environment)
        if let server = try? library?.read({ try $0.meta(.joining) }) {
            return ClientError(
                .invalid, "In \(directory) a library is joining \(server), which has not answered.",
                tries: ["gloss join LINK"])
        }
        return ClientError(
            .invalid, "There is a library in \(directory) already.", tries: ["gloss status"])
    }

    /// Closes the file.
    public func close() throws {
        try store.close()
    }

    /// Reads in one transaction.
    func read<T>(_ body: (LibraryReader) throws -> T) throws -> T {
        do { return try store.read(body) } catch let error as StoreError {
            throw ClientError(error)
        }
    }

    /// Runs one command: its changes, their history entry and all bookkeeping in one transaction.
    ///
    /// - Parameter command: the command as it stands in the history.
    func perform<T>(_ command: String, _ body: (Workspace) throws -> T) throws -> T {
        do {
            return try store.write { writer in
                let workspace = try Workspace(
                    writer: writer, environment: environment, command: command)
                let result = try body(workspace)
                try workspace.finish()
                return result
            }
        } catch let error as StoreError {
            throw ClientError(error)
        }
    }
}

extension ClientError {
    /// What went wrong with a library, whichever part of it says so; `nil` for other errors.
    public init?(of error: any Error) {
        switch error {
        case let error as ClientError: self = error
        case let error as StoreError: self.init(error)
        case let error as WireError:
            self.init(.library, "The library holds something unreadable: \(error.message)")
        case let error as ChangeError:
            self.init(.library, "The library holds something that cannot be: \(error.message)")
        default: return nil
        }
    }

    /// What the storage had to say.
    init(_ error: StoreError) {
        switch error.code {
        case .locked:
            self.init(
                .library, error.message, tries: ["wait for the other gloss command and try again"])
        default:
            self.init(.library, error.message)
        }
    }
}
