public import GlossCore
import GlossStorage

/// A file in which an editor has the text of an article, or left it behind.
public struct EditorFile: Hashable, Sendable {
    let id: Int64
    /// The article.
    public let article: DocumentID
    /// The version that was opened.
    public let version: [OpID]
    /// Where the file is.
    public let path: String
    /// When the editor got it, in milliseconds since 1970.
    public let time: Int
}

extension Library {
    /// What is kept of a file that an editor has, beside drafts: its path, in place of the text.
    private static let filePurpose = "file"

    /// The files that editors got of an article and that nobody has seen to since, the newest first.
    public func editorFiles(of article: DocumentID) throws -> [EditorFile] {
        try read { reader in
            try reader.drafts().filter {
                $0.document == article && $0.purpose == Library.filePurpose
            }.map {
                EditorFile(
                    id: $0.id, article: article, version: $0.version, path: $0.text, time: $0.time)
            }
        }
    }

    /// Notes that an editor gets the text of an article as a file, so that it is found whatever
    /// becomes of the editor and of this process.
    ///
    /// - Parameter version: the version that was opened.
    public func noteEditorFile(
        at path: String, of article: DocumentID, version: [OpID]
    ) throws -> EditorFile {
        let time = environment.now()
        let id = try store.write { writer in
            try writer.keepDraft(
                of: article, at: version, as: Library.filePurpose, text: path, time: time)
        }
        return EditorFile(id: id, article: article, version: version, path: path, time: time)
    }

    /// Lets go of a file that an editor had. Its text, if there is one to keep, becomes the article's
    /// draft in place of the one before.
    public func settle(_ file: EditorFile, keeping text: String?) throws {
        try store.write { writer in
            try writer.dropDraft(file.id)
            guard let text else { return }
            try writer.dropDrafts(of: file.article)
            try writer.keepDraft(
                of: file.article, at: file.version, as: Library.articlePurpose, text: text,
                time: file.time)
        }
    }

    /// The text that an editor got; `nil` if that was undone or refused since.
    public func base(of file: EditorFile) throws -> String? {
        try text(of: file.article, at: file.version)
    }
}

extension LibraryWriter {
    /// Keeps a draft that was written on a version of an article.
    @discardableResult
    func keepDraft(
        of article: DocumentID, at version: [OpID], as purpose: String, text: String, time: Int
    ) throws(StoreError) -> Int64 {
        try keepDraft(
            document: article, purpose: purpose, baseVersion: Draft.bytes(of: version), text: text,
            time: time)
    }
}
