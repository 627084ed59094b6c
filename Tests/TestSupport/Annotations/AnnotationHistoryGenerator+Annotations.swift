import GlossCore

extension AnnotationHistoryGenerator {
    mutating func annotate(_ person: Int, _ kind: AnnotationKind) throws(ChangeError) {
        let article = people[person].desk.article
        guard let place = range(person, upTo: 10) else { return }
        var target = article.target(at: place)
        if random.chance(0.15), let other = range(person, upTo: 4),
            other.lowerBound > place.upperBound
        {
            target.ranges += article.target(at: other).ranges
        }
        if kind == .note, random.chance(0.05) { target.ranges = [] }
        let annotation = NewAnnotation(
            kind: kind, target: target, body: words(),
            proposal: kind == .suggestion ? (random.chance(0.2) ? "" : words()) : nil,
            tags: random.chance(0.3) ? ["fact"] : [])
        try commit([.annotate(annotation)], person)
    }

    mutating func reply(_ person: Int) throws(ChangeError) {
        guard let annotation = anyAnnotation(person) else { return }
        try commit([.reply(NewReply(annotation: annotation.id, body: words()))], person)
    }

    /// Writes a field of an annotation or reply.
    mutating func writeField(_ person: Int) throws(ChangeError) {
        let desk = people[person].desk
        guard let annotation = anyAnnotation(person) else { return }
        let replies = desk.annotations.replies(to: annotation.id)
        let isOfReply = random.chance(0.25)
        let entity = isOfReply ? replies.randomElement(using: &random) ?? annotation : annotation
        let op: Op
        switch random.below(10) {
        case ..<3: op = desk.annotations.write(.text(words()), to: .body, of: entity.id)
        case ..<5:
            let value: Value = random.chance(0.5) ? .done : .open
            op = desk.annotations.write(value, to: .status, of: annotation.id)
        case ..<8:
            let value: Value = random.chance(0.7) ? .withdrawn : .active
            op = desk.annotations.write(value, to: .life, of: entity.id)
        case 8: op = desk.annotations.write(.text(words()), to: .proposal, of: annotation.id)
        default:
            guard let place = range(person, upTo: 6) else { return }
            let target = desk.article.target(at: place)
            op =
                random.chance(0.6)
                ? desk.annotations.write(.check(check(of: target)), to: .check, of: annotation.id)
                : desk.annotations.write(.target(target), to: .target, of: annotation.id)
        }
        try commit([op], person)
    }

    private mutating func check(of target: Target) -> Check {
        let evidence = [
            Check.Evidence(source: "the archive", page: "12"),
            Check.Evidence(link: "https://example.org/a", time: "00:12:30"),
        ].filter { _ in random.chance(0.4) }
        return Check(
            verdict: Verdict.known.randomElement(using: &random) ?? .confirmed, evidence: evidence,
            remark: random.chance(0.3) ? words() : nil, target: target)
    }

    /// Puts a tag on, or takes one off.
    mutating func tag(_ person: Int) throws(ChangeError) {
        guard let annotation = anyAnnotation(person) else { return }
        let tag = ["fact", "style", "name"].randomElement(using: &random) ?? "fact"
        let removal = people[person].desk.annotations.removal(ofTag: tag, from: annotation.id)
        let addition = Op.addTag(TagAddition(annotation: annotation.id, tag: tag))
        let reply = Op.reply(NewReply(annotation: annotation.id, body: words()))
        try commit([removal ?? addition] + (random.chance(0.2) ? [reply] : []), person)
    }

    /// Any annotation, most often one that others work on, too.
    private mutating func anyAnnotation(_ person: Int) -> Entity? {
        let annotations = people[person].desk.annotations.annotations
        let isAny = random.chance(0.4)
        return (isAny ? annotations[...] : annotations.prefix(2)).randomElement(using: &random)
    }
}
