import GlossCore

extension DocumentsRequest {
    func write(to json: inout JSONWriter) {
        json.member("t", "docs")
        json.member("id", id)
        json.member("lib", library.description)
        if let after { json.member("after", after.description) }
        if !creating.isEmpty {
            json.key("new")
            json.beginArray()
            for doc in creating {
                json.beginObject()
                json.member("doc", doc.description)
                json.endObject()
            }
            json.endArray()
        }
    }

    init(_ fields: FieldReader) throws(WireError) {
        var creating: [DocumentID] = []
        for value in try fields.optionalArray("new", limit: WireLimits.documents) {
            let doc = try fields.reader(value, "new").document("doc")
            if doc.kind != .article { throw fields.malformed("new holds articles only") }
            creating.append(doc)
        }
        self.init(
            id: try fields.integer("id"), library: try fields.library("lib"),
            after: fields.has("after") ? try fields.document("after") : nil, creating: creating)
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
                    at: try document.integer("at")))
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
    }

    init(_ fields: FieldReader) throws(WireError) {
        self.init(
            library: try fields.library("lib"), doc: try fields.document("doc"),
            kind: try fields.documentKind("kind"))
    }
}

extension JSONWriter {
    fileprivate mutating func member(kind: DocumentKind?) {
        member("kind", kind?.rawValue ?? ErrorCode.unrecognized.rawValue)
    }
}
