import GlossProtocol

/// Holds values against rules.
struct SchemaValidator {
    let nodes: [SchemaSet.Node]
    let isClosed: Bool

    /// - Complexity: O(size of the value) for each schema that has to be tried.
    func check(_ value: JSONValue, _ index: Int) throws(SchemaFailure) {
        for rule in nodes[index].rules { try check(value, rule, index) }
    }

    private func check(
        _ value: JSONValue, _ rule: SchemaSet.Rule, _ index: Int
    ) throws(SchemaFailure) {
        switch rule {
        case .never: throw failure(index, "this must not be there")
        case .types(let types):
            if !types.contains(.of(value)) { throw failure(index, "it is of another type") }
        case .constant(let constant):
            if !isSame(value, constant) {
                throw failure(index, "it is another value", isOfOtherKind: true)
            }
        case .choice(let values):
            if !values.contains(where: { isSame(value, $0) }) {
                throw failure(index, "it is none of the values")
            }
        case .reference(let node): try check(value, node)
        case .anyOf(let nodes): _ = try matches(value, nodes)
        case .oneOf(let nodes):
            if try matches(value, nodes) > 1 { throw failure(index, "it is two things at once") }
        case .not(let node):
            if follows(value, node) {
                throw failure(index, "it is what it must not be", isOfOtherKind: true)
            }
        case .condition(let condition, let then, let otherwise):
            if let next = follows(value, condition) ? then : otherwise { try check(value, next) }
        case .pattern, .length: try checkText(value, rule, index)
        case .range(let range):
            if case .integer(let number) = value, !range.contains(number) {
                throw failure(index, "it is out of range")
            }
        case .count, .unique, .items: try checkArray(value, rule, index)
        case .tag, .members, .required, .memberLimit, .names: try checkObject(value, rule, index)
        }
    }

    private func checkText(
        _ value: JSONValue, _ rule: SchemaSet.Rule, _ index: Int
    ) throws(SchemaFailure) {
        guard case .string(let text) = value else { return }
        switch rule {
        case .pattern(let pattern):
            if !pattern.matches(text) { throw failure(index, "it is not \(pattern.source)") }
        case .length(let range):
            // Bytes are never fewer than scalars, and cheap to count.
            let isLong = text.utf8.count > range.upperBound
            let isTooLong = isLong && text.unicodeScalars.count > range.upperBound
            if isTooLong || range.lowerBound > 0 && text.unicodeScalars.count < range.lowerBound {
                throw failure(index, "it is too long or too short")
            }
        default: preconditionFailure("no rule about texts")
        }
    }

    private func checkArray(
        _ value: JSONValue, _ rule: SchemaSet.Rule, _ index: Int
    ) throws(SchemaFailure) {
        guard case .array(let values) = value else { return }
        switch rule {
        case .count(let range):
            if !range.contains(values.count) { throw failure(index, "it is too long or too short") }
        case .unique:
            if Set(values.map { JSONWriter.canonicalBytes($0) }).count < values.count {
                throw failure(index, "something is there twice")
            }
        case .items(let first, let rest):
            for (place, item) in values.enumerated() {
                guard let node = place < first.count ? first[place] : rest else { return }
                do { try check(item, node) } catch { throw error.inside("\(place)") }
            }
        default: preconditionFailure("no rule about arrays")
        }
    }

    private func checkObject(
        _ value: JSONValue, _ rule: SchemaSet.Rule, _ index: Int
    ) throws(SchemaFailure) {
        guard case .object(let object) = value else { return }
        switch rule {
        case .tag(let name, let constant):
            if let value = object[name], !isSame(value, constant) {
                throw failure(index, "\(name) is another one", isOfOtherKind: true)
            }
        case .members(let nodes, let others):
            for member in object.members {
                do throws(SchemaFailure) {
                    if let node = nodes[member.key] {
                        try check(member.value, node)
                    } else {
                        try checkOther(member, others, index)
                    }
                } catch { throw error.inside(member.key) }
            }
        case .required(let names):
            for name in names where object[name] == nil {
                throw failure(index, "\(name) is missing")
            }
        case .memberLimit(let limit):
            if object.members.count > limit { throw failure(index, "it has too many members") }
        case .names(let node):
            for member in object.members {
                do { try check(.string(member.key), node) } catch { throw error.inside(member.key) }
            }
        default: preconditionFailure("no rule about objects")
        }
    }

    private func checkOther(
        _ member: JSONObject.Member, _ others: SchemaSet.Others, _ index: Int
    ) throws(SchemaFailure) {
        switch others {
        case .unmentioned: break
        case .open: if isClosed { throw failure(index, "no schema names this") }
        case .schema(let node): try check(member.value, node)
        }
    }

    /// Whether values are equal. Texts are compared as bytes.
    private func isSame(_ left: JSONValue, _ right: JSONValue) -> Bool {
        if case .string(let left) = left, case .string(let right) = right {
            return left.utf8.elementsEqual(right.utf8)
        }
        return left == right
    }

    private func follows(_ value: JSONValue, _ node: Int) -> Bool {
        do throws(SchemaFailure) { try check(value, node) } catch { return false }
        return true
    }

    /// How many of some schemas a value follows.
    ///
    /// - Throws: if it is none, what the one that is most likely meant has to say.
    private func matches(_ value: JSONValue, _ nodes: [Int]) throws(SchemaFailure) -> Int {
        var count = 0
        var failures: [SchemaFailure] = []
        for node in nodes {
            do throws(SchemaFailure) {
                try check(value, node)
                count += 1
            } catch { failures.append(error) }
        }
        if count > 0 { return count }
        throw failures.first { !$0.isOfOtherKind } ?? failures[0]
    }

    private func failure(
        _ index: Int, _ message: String, isOfOtherKind: Bool = false
    ) -> SchemaFailure {
        SchemaFailure(
            path: "", schema: nodes[index].place, message: message, isOfOtherKind: isOfOtherKind)
    }
}
