public import GlossCore

/// What several people did to one article and its annotation set.
public struct AnnotationHistory: Sendable {
    /// The article.
    public let id: DocumentID
    /// The article's changes.
    public let article: History
    /// The set's changes.
    public let annotations: History
    /// What each person had in the end, before anybody told everybody everything.
    public let people: [AnnotatedArticle]

    /// A history of the changes that any of `people` has.
    public init(id: DocumentID, people: [AnnotatedArticle]) {
        self.id = id
        self.people = people
        article = History(changes: Self.union(people.map(\.article), id: id))
        annotations = History(changes: Self.union(people.map(\.annotations), id: id.annotations))
    }

    /// All changes of some copies of one document, in a causal order.
    private static func union(_ copies: [Replica], id: DocumentID) -> [Change] {
        var changes: [Change] = []
        var known = VersionVector()
        for copy in copies {
            for entry in copy.log.entries where !known.contains(entry.change.id) {
                changes.append(entry.change)
                known[entry.change.agent] = entry.change.endSeq
            }
        }
        return changes
    }

    /// A desk that got the changes of both documents in the given orders.
    public func desk(
        article: [Change], annotations: [Change]
    ) throws(ChangeError) -> AnnotatedArticle {
        var desk = AnnotatedArticle(
            article: Replica(id: id), annotations: Replica(id: id.annotations))
        for change in annotations { try desk.annotations.integrate(change) }
        for change in article { try desk.article.integrate(change) }
        return desk
    }

    /// Desks of everything: in the order of the generator, in random causal orders, and with some
    /// changes before their causes.
    public func desks(
        _ count: Int, using random: inout some RandomNumberGenerator
    ) throws(ChangeError) -> [AnnotatedArticle] {
        let articles = article.deliveryOrders(count, using: &random)
        let sets = annotations.deliveryOrders(count, using: &random)
        var desks = [try desk(article: article.changes, annotations: annotations.changes)]
        for (article, set) in zip(articles, sets) {
            desks.append(try desk(article: article, annotations: set))
        }
        desks.append(
            try desk(
                article: article.disorderedDelivery(using: &random),
                annotations: annotations.disorderedDelivery(using: &random)))
        return desks
    }
}

extension AnnotatedArticle {
    /// Takes what `other` has and this one lacks, of both documents.
    public mutating func takeAll(of other: AnnotatedArticle) throws(ChangeError) {
        for entry in other.article.log.entries { try article.integrate(entry.change) }
        for entry in other.annotations.log.entries { try annotations.integrate(entry.change) }
    }

    /// What answers a conflict with one of its versions, for both documents.
    ///
    /// A field's conflict is answered by a write, one about text or anchors by a resolution alone.
    public func answer(
        to conflict: Conflict, taking version: Int, why: String? = nil
    ) -> Settlement {
        let letter = Conflict.letter(version)
        if let settlement = settlement(of: conflict, taking: letter, why: why) {
            return settlement
        }
        let replica = conflict.document == article.id ? article : annotations
        let value = conflict.versions[version].value ?? .none
        var ops: [Op] = []
        switch (conflict.kind, conflict.subject) {
        case (_, .field(let field)): ops = [replica.write(value, to: field, why: why)]
        case (_, .entityField(let entity, let field)):
            ops = [replica.write(value, to: field, of: entity, why: why)]
        case (.deleteEdit, .entity(let entity)):
            ops = [replica.write(value, to: .life, of: entity, why: why)]
        default: break
        }
        ops.append(
            .resolve(
                Resolution(
                    conflict: conflict.id, kind: conflict.kind, settles: conflict.settles,
                    take: letter, why: why)))
        return conflict.document == article.id
            ? Settlement(article: ops) : Settlement(annotations: ops)
    }
}
