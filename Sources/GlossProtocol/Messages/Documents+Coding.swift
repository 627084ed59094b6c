import GlossCore

extension DocumentsRequest {
    func write(to json: inout JSONWriter) {
        json.member("t", "docs")
        json.member("id", id)
        json.member("lib", library.description)
        if let after { json.member("after", after.description) }
        if !creating.isEmpty || !creatingSets.isEmpty {
            json.key("new")
            json.beginArray()
            for doc in creating {
                json.beginObject()
                json.member("doc", doc.description)
                json.endObject()
            }
            for set in creatingSets {
                json.beginObject()
                json.member("doc", set.doc.description)
                json.member(of: set.article)
                json.endObject()
            }
            json.endArray()
        }
    }

    init(_ fields: FieldReader) throws(WireError) {
        var creating: [DocumentID] = []
        var sets: [PrivateSet] = []
        for value in try fields.optionalArray("new", limit: WireLimits.documents) {
            let entry = try fields.reader(value, "new")
            let doc = try entry.document("doc")
            let article = try entry.optionalArticle()
            switch (doc.kind, article) {
            case (.article, nil): creating.append(doc)
            case (.privateAnnotations, let article?):
                sets.append(PrivateSet(doc: doc, article: article))
            default: throw fields.malformed("new holds articles, and private sets of articles")
            }
        }
        self.init(
            id: try fields.integer("id"), library: try fields.library("lib"),
            after: fields.has("after") ? try fields.document("after") : nil, creating: creating,
            creatingSets: sets)
    }
}

extension DocumentsPage {
    func write(to json: inout JSONWriter) {
        json.member("t", "docs")
        json.member("id", id)
        json.member("lib", library.description)
        json.key("docs")
        json.beginArray()
        for document in documents {
            json.beginObject()
            json.member("doc", document.doc.description)
            json.member(kind: document.kind)
            json.member("at", document.at)
            json.member(of: document.article)
            json.endObject()
        }
        json.endArray()
        json.key("more")
        json.bool(more)
    }

    init(_ fields: FieldReader) throws(WireError) {
        var documents: [DocumentSummary] = []
        for value in try fields.array("docs", limit: WireLimits.documents) {
            let document = try fields.reader(value, "docs")
            documents.append(
                DocumentSummary(
                    doc: try document.document("doc"), kind: try document.documentKind("kind"),
                    at: try document.integer("at"), article: try document.optionalArticle()))
        }
        self.init(
            id: try fields.integer("id"), library: try fields.library("lib"),
            documents: documents, more: try fields.bool("more"))
    }
}

extension DocumentAppeared {
    func write(to json: inout JSONWriter) {
        json.member("t", "doc")
        json.member("lib", library.description)
        json.member("doc", doc.description)
        json.member(kind: kind)
        json.member(of: article)
    }

    init(_ fields: FieldReader) throws(WireError) {
        self.init(
            library: try fields.library("lib"), doc: try fields.document("doc"),
            kind: try fields.documentKind("kind"), article: try fields.optionalArticle())
    }
}

extension FieldReader {
    /// The article that a private set belongs to.
    fileprivate func optionalArticle() throws(WireError) -> DocumentID? {
        guard has("of") else { return nil }
        let article = try document("of")
        if article.kind != .article { throw malformed("of is an article") }
        return article
    }
}

extension JSONWriter {
    fileprivate mutating func member(of article: DocumentID?) {
        if let article { member("of", article.description) }
    }

    fileprivate mutating func member(kind: DocumentKind?) {
        member("kind", kind?.rawValue ?? ErrorCode.unrecognized.rawValue)
    }
}
