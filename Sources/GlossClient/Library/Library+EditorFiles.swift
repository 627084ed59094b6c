public import GlossCore
import GlossStorage

/// A file in which an editor has the text of an article, or left it behind.
public struct EditorFile: Hashable, Sendable {
    let id: Int64
    /// The draft that the editor got, if it got one.
    let draft: Int64?
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
    /// What is kept of a file that an editor has, beside drafts: its path, in place of the text. Behind a
    /// space follows the number of the draft that the editor got.
    private static let filePurpose = "file"

    /// The files that editors got of an article and that nobody has seen to since, the newest first.
    public func editorFiles(of article: DocumentID) throws -> [EditorFile] {
        try read { reader in
            try reader.drafts().filter { $0.document == article }.compactMap { kept in
                let words = kept.purpose.split(separator: " ")
                guard words.first == Library.filePurpose[...] else { return nil }
                return EditorFile(
                    id: kept.id, draft: words.dropFirst().first.flatMap { Int64($0) },
                    article: article, version: kept.version, path: kept.text, time: kept.time)
            }
        }
    }

    /// Notes that an editor gets the text of an article as a file, so that it is found whatever
    /// becomes of the editor and of this process.
    ///
    /// - Parameters:
    ///   - version: the version that was opened.
    ///   - draft: what the editor goes on with, if it does.
    public func noteEditorFile(
        at path: String, of article: DocumentID, version: [OpID], goingOnWith draft: ArticleDraft?
    ) throws -> EditorFile {
        let time = environment.now()
        let purpose = Library.filePurpose + (draft.map { " \($0.id)" } ?? "")
        let id = try store.write { writer in
            try writer.keepDraft(of: article, at: version, as: purpose, text: path, time: time)
        }
        return EditorFile(
            id: id, draft: draft?.id, article: article, version: version, path: path, time: time)
    }

    /// Lets go of a file that an editor had. Its text, if there is one to keep, becomes a draft, in
    /// place of the one that the editor got.
    ///
    /// - Returns: the new draft.
    @discardableResult
    public func settle(_ file: EditorFile, keeping text: String?) throws -> ArticleDraft? {
        try store.write { writer in
            try writer.dropDraft(file.id)
            guard let text else { return nil }
            if let draft = file.draft { try writer.dropIfThere(draft) }
            let id = try writer.keepDraft(
                of: file.article, at: file.version, as: Library.articlePurpose, text: text,
                time: file.time)
            return ArticleDraft(
                id: id, article: file.article, version: file.version, text: text, time: file.time)
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
