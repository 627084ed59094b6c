public import GlossCore
import GlossProtocol

/// A case of `Protocol/vectors/merge` or `Protocol/vectors/conflicts`: changes, orders to deliver
/// them in, and what they must lead to.
public struct MergeCase: Sendable {
    /// A change that must be refused once everything else is there.
    public struct Refusal: Sendable {
        /// The change.
        public var change: Change
        /// Whether it is meant for the annotation set, not for the article.
        public var isOfSet: Bool
        /// The code it is refused with.
        public var code: String

        /// A refusal of a change meant for the article, or for its annotation set.
        public init(_ change: Change, isOfSet: Bool = false, code: ChangeError.Code = .invalidOp) {
            self.change = change
            self.isOfSet = isOfSet
            self.code = code.rawValue
        }
    }

    /// What it shows, in one sentence.
    public var about: String
    /// The article.
    public var id: DocumentID
    /// The article's changes and the set's, each in a causal order.
    public var changes: (article: [Change], set: [Change])
    /// Places in ``changes``: each order delivers all of them, not always after their causes.
    public var orders: (article: [[Int]], set: [[Int]])
    /// Changes to be refused.
    public var refusals: [Refusal]
    /// Versions at which the article's text is asked for.
    public var versions: [[OpID]]
    /// What it leads to, in the form that the vectors have it.
    var outcome: JSONValue

    /// A case made of what some people did, with its outcome as it is computed now.
    public init(
        _ about: String, _ history: AnnotationHistory, refusals: [Refusal] = [],
        versions: [[OpID]] = []
    ) throws(ChangeError) {
        self.about = about
        id = history.id
        changes = (history.article.changes, history.annotations.changes)
        var random = SeededRandom(seed: 1)
        orders = (
            Self.orders(of: history.article, using: &random),
            Self.orders(of: history.annotations, using: &random)
        )
        self.refusals = refusals
        self.versions = versions
        let desk = try history.desk(article: changes.article, annotations: changes.set)
        outcome = Self.outcome(of: desk, at: versions)
    }

    /// The causal order of the case, two others, and one that is the wrong way round.
    private static func orders(
        of history: History, using random: inout SeededRandom
    ) -> [[Int]] {
        let places = Array(history.changes.indices)
        var orders = [places]
        for order in history.deliveryOrders(8, using: &random) {
            let order = order.map { change in history.changes.firstIndex(of: change) ?? 0 }
            if !orders.contains(order), orders.count < 3 { orders.append(order) }
        }
        let reversed = Array(places.reversed())
        return orders.contains(reversed) ? orders : orders + [reversed]
    }

    /// The desk after one order of each document; a document with fewer orders repeats its last.
    public func desk(order: Int) throws(ChangeError) -> AnnotatedArticle {
        var desk = AnnotatedArticle(
            article: Replica(id: id), annotations: Replica(id: id.annotations))
        for place in orders.article[min(order, orders.article.count - 1)] {
            try desk.article.integrate(changes.article[place])
        }
        for place in orders.set[min(order, orders.set.count - 1)] {
            try desk.annotations.integrate(changes.set[place])
        }
        return desk
    }

    // MARK: Outcome

    /// What the vectors say of a desk.
    static func outcome(of desk: AnnotatedArticle, at versions: [[OpID]]) -> JSONValue {
        let index = desk.article.textIndex
        let checks = desk.annotations.annotations.compactMap { annotation in
            check(desk.standing(ofCheckOn: annotation, in: index), of: annotation.id)
        }
        // Cases without checks were frozen before there were any.
        let ofChecks = checks.isEmpty ? [] : [("checks", JSONValue.array(checks))]
        return .fields(
            ofChecks + [
                ("conflicts", .array(desk.conflicts.map { conflict($0, in: desk) })),
                (
                    "frontier",
                    .fields([
                        ("annotations", .ids(desk.annotations.frontier)),
                        ("article", .ids(desk.article.frontier)),
                    ])
                ),
                (
                    "placements",
                    .array(
                        desk.annotations.annotations.map {
                            placement(desk.placement(of: $0, in: index), of: $0.id)
                        })
                ),
                (
                    "state",
                    .fields([
                        ("annotations", .string(Hex.string(desk.annotations.stateChecksum))),
                        ("article", .string(Hex.string(desk.article.stateChecksum))),
                    ])
                ),
                ("text", .string(desk.article.text)),
                (
                    "versions",
                    .array(
                        versions.map {
                            .fields([
                                ("at", .ids($0)), ("text", .string(desk.article.text(at: $0))),
                            ])
                        })
                ),
            ])
    }

    private static func conflict(_ conflict: Conflict, in desk: AnnotatedArticle) -> JSONValue {
        var fields: [(String, JSONValue)] = [
            ("base", conflict.base.map { .string($0) } ?? .null),
            (
                "document",
                .string(conflict.document == desk.article.id ? "article" : "annotations")
            ),
            ("id", .string(conflict.id.description)),
            ("kind", .string(conflict.kind.rawValue)),
            ("settles", .ids(conflict.settles)),
            ("shown", .string(conflict.shown)),
        ]
        switch conflict.subject {
        case .field(let field): fields.append(("field", .string(field.rawValue)))
        case .entityField(let entity, let field):
            fields.append(("entity", .string(entity.description)))
            fields.append(("field", .string(field.rawValue)))
        case .entity(let entity): fields.append(("entity", .string(entity.description)))
        case .suggestions(let suggestions): fields.append(("suggestions", .ids(suggestions)))
        case .text(let range): fields.append(("range", .range(range)))
        }
        let versions = conflict.versions.map { version in
            JSONValue.fields([
                ("content", .string(version.content)), ("ops", .ids(version.operations)),
            ])
        }
        fields.append(("versions", .array(versions)))
        return .fields(fields.sorted { $0.0 < $1.0 })
    }

    private static func check(_ standing: CheckStanding, of annotation: OpID) -> JSONValue? {
        guard let write = standing.write else { return nil }
        return .fields([
            ("annotation", .string(annotation.description)),
            ("state", .string(standing.state.rawValue)),
            ("words", .string(standing.words)),
            ("write", .string(write.description)),
        ])
    }

    private static func placement(_ placement: Placement, of annotation: OpID) -> JSONValue {
        .fields([
            ("annotation", .string(annotation.description)),
            ("ranges", .array(placement.ranges.map { .range($0) })),
            ("state", .string(placement.state.rawValue)),
        ])
    }
}

extension JSONValue {
    static func fields(_ fields: [(String, JSONValue)]) -> JSONValue {
        .object(JSONObject(members: fields.map { JSONObject.Member(key: $0.0, value: $0.1) }))
    }

    static func ids(_ ids: [OpID]) -> JSONValue { .array(ids.map { .string($0.description) }) }

    static func range(_ range: Range<Int>) -> JSONValue {
        .array([.integer(range.lowerBound), .integer(range.upperBound)])
    }
}
