import GlossCore
import GlossProtocol
import GlossStorage
import GlossTransport
import Logging

extension ConnectionLoop {
    mutating func authenticate(_ credential: Credential) async {
        let address = connection.line.peerAddress.host
        guard await services.logins.begin(address, now: services.clock.steady()) else {
            services.metrics.loginRefused(.rateLimited)
            services.accounts.audit?.loginRefused(ErrorCode.rateLimited.rawValue, from: address)
            return enqueue(
                .authenticated(
                    .refused(.rateLimited, message: "too many failed logins; wait a while")))
        }
        var hasFailed = false
        defer {
            services.logins.finish(address, failed: hasFailed, now: services.clock.steady())
        }
        do throws(StoreError) {
            let (accounts, connection) = (services.accounts, connection)
            let answer = try await Self.aside { () throws(StoreError) in
                try await accounts.admit(credential, for: connection)
            }
            switch answer {
            case .admitted(let admission):
                self.admission = admission
                for library in admission.libraries { libraries[library.id] = library.role }
            case .refused(let code, _):
                hasFailed = code == .authFailed
                services.metrics.loginRefused(code)
                services.accounts.audit?.loginRefused(code.rawValue, from: address)
            }
            enqueue(.authenticated(answer))
        } catch {
            report(error)
            enqueue(.authenticated(.refused(error.clientCode, message: "try again later")))
        }
    }

    // MARK: Documents

    mutating func list(_ request: DocumentsRequest) async {
        guard let user = admission?.user else { preconditionFailure("who asks has logged in") }
        guard let role = role(in: request.library) else {
            return refuse(request, .notFound, "no such library")
        }
        if !request.creating.isEmpty, role < .editor {
            return refuse(request, .forbidden, "making articles takes the role editor")
        }
        do throws(StoreError) {
            for article in request.creating { try await create(article, in: request.library) }
            if let refusal = try await createSets(request) {
                return refuse(request, refusal.code, refusal.message)
            }
            let found = try await services.store.documents(
                in: request.library, readableBy: user, after: request.after,
                limit: WireLimits.documents + 1)
            // Looked at again: the membership may have ended meanwhile.
            if self.role(in: request.library) == nil {
                return refuse(request, .notFound, "no such library")
            }
            let documents = found.prefix(WireLimits.documents).map { record in
                DocumentSummary(
                    doc: record.id, kind: record.kind, at: record.head,
                    article: record.owner == nil ? nil : record.article)
            }
            enqueue(
                .listed(
                    DocumentsPage(
                        id: request.id, library: request.library, documents: documents,
                        more: found.count > documents.count)))
        } catch {
            switch error.code {
            case .gone:
                await refuseGone(request)
            case .exists: refuse(request, .notFound, "no such document in this library")
            case .invalid: refuse(request, .badField, "this is not the id of an article")
            default:
                report(error)
                refuse(request, error.clientCode, "the server could not write or read")
            }
        }
    }

    private func create(
        _ article: DocumentID, in library: LibraryID
    ) async throws(StoreError) {
        if let record = try await services.store.document(article), record.library == library {
            if role(in: record.scope) != nil { return }
            // One that is hidden is like one of another library.
            throw StoreError(.exists, "Document \(article) is hidden.")
        }
        let made = try await services.store.createArticle(
            article, in: library, now: services.clock.wall())
        for record in [made.article, made.annotations] {
            services.access.announce(
                DocumentAppeared(library: library, doc: record.id, kind: record.kind),
                besides: connection)
        }
    }

    private mutating func refuse(
        _ request: DocumentsRequest, _ code: ErrorCode, _ message: String
    ) {
        enqueue(.listRefused(id: request.id, code: code, message: message))
    }

    /// Says that an article to be made was purged, to those who could know that there was one.
    private mutating func refuseGone(_ request: DocumentsRequest) async {
        for article in request.creating {
            if let purged = try? await services.store.purgedDocument(article),
                purged.library == request.library, role(in: purged.scope) != nil
            {
                return refuse(request, .gone, Refusal.gone(article).message)
            }
        }
        refuse(request, .notFound, "no such document in this library")
    }

    // MARK: Following

    mutating func subscribe(_ request: SubscribeRequest) async {
        guard let user = admission?.user else { preconditionFailure("who asks has logged in") }
        let doc = request.doc
        let rooms = services.rooms
        await rooms.follow(doc, connection)
        do throws(StoreError) {
            let status = try await Self.aside { () throws(StoreError) in
                try await rooms.status(of: doc, at: request.at, for: user)
            }
            if let status, let role = role(in: status.scope) {
                following[doc] = (status.scope, role)
                let isKnown = status.sumAtPosition == request.sum
                if !isKnown { services.metrics.checksumDiffered() }
                return enqueue(
                    .subscribed(
                        id: request.id, doc: doc,
                        .init(
                            head: status.head, sum: status.sum, vector: status.vector,
                            state: status.state, receipt: status.receipt, role: role,
                            resume: isKnown ? .position : .vector)))
            }
            let isGone = try await services.rooms.isGone(doc, for: user)
            let refusal = isGone ? Refusal.gone(doc) : Refusal.unknown(doc)
            enqueue(
                .subscribeRefused(
                    id: request.id, doc: doc, code: refusal.code, message: refusal.message))
        } catch {
            report(error)
            enqueue(
                .subscribeRefused(
                    id: request.id, doc: doc, code: error.clientCode,
                    message: "the document could not be read"))
        }
        await services.rooms.unfollow(doc, connection)
    }

    mutating func unsubscribe(_ document: DocumentID) async {
        following[document] = nil
        leavePresence(document)
        await services.rooms.unfollow(document, connection)
    }

    mutating func sendLog(_ document: DocumentID, after position: Int) async {
        let unreadable = ServerSession.Event.logFailed(
            document, code: .notFound, message: "no such document")
        // Checked again here: the role may have gone since the subscription.
        guard mayRead(document) else { return enqueue(unreadable) }
        if let news, news.doc == document, news.after == position, !news.rows.isEmpty {
            return enqueue(.logRead(news))
        }
        do throws(StoreError) {
            let rooms = services.rooms
            let slice = try await Self.aside { () throws(StoreError) in
                try await rooms.slice(of: document, after: position)
            }
            // And here: it may have gone while the log was read.
            enqueue(mayRead(document) ? .logRead(slice) : unreadable)
        } catch {
            if error.code == .gone {
                return enqueue(
                    .logFailed(document, code: .gone, message: Refusal.gone(document).message))
            }
            report(error)
            enqueue(
                .logFailed(
                    document, code: error.clientCode, message: "the log could not be read"))
        }
    }

    /// Whether the user may read a document that they follow at this moment.
    private func mayRead(_ document: DocumentID) -> Bool {
        guard let followed = following[document] else { return false }
        return role(in: followed.scope) != nil
    }

    // MARK: Pushing

    mutating func push(_ id: Int, _ parts: [ChangeBatch]) async {
        guard let admission else { preconditionFailure("who pushes has logged in") }
        tally.pushes += 1
        tally.pushedChanges += parts.reduce(0) { $0 + $1.changes.count }
        let pusher = Pusher(admission, time: services.clock.wall())
        let mailbox = connection.mailbox
        let metrics = services.metrics
        metrics.pushed(changes: parts.reduce(0) { $0 + $1.changes.count })
        let started = ContinuousClock.now
        await services.rooms.submit(parts, by: pusher) { decision in
            metrics.answered(since: started)
            mailbox.post(decision: .pushDecided(id: id, decision))
        }
    }

    // MARK: Access

    /// Looks at what the user may do now, takes back what they may no longer see, and says what else
    /// has changed.
    mutating func checkAccess() async {
        guard let admission else { return }
        if services.access.isRevoked(admission.device) { return await handle(.deviceRevoked) }
        let roles = services.access.libraries(of: admission.user)
        let known = Set(libraries.keys).union(roles.keys)
        for library in known.sorted(by: { $0.rawValue < $1.rawValue })
        where roles[library] != libraries[library] {
            libraries[library] = roles[library]
            if let role = roles[library] {
                await handle(.roleChanged(RoleChange(subject: .library(library), role: role)))
                continue
            }
            let documents = following.filter { $0.value.scope.library == library }.keys.sorted()
            let revoked = Revoked(
                subject: .library(library), message: "you are no longer a member")
            await handle(.accessLost(revoked, docs: documents))
        }
        for (document, followed) in following.sorted(by: { $0.key < $1.key }) {
            guard let role = role(in: followed.scope) else {
                let revoked = Revoked(
                    subject: .document(document), message: "you may no longer read this")
                await handle(.accessLost(revoked, docs: [document]))
                continue
            }
            if role == followed.role { continue }
            following[document]?.role = role
            await handle(.roleChanged(RoleChange(subject: .document(document), role: role)))
        }
    }

    func role(in library: LibraryID) -> Role? {
        guard let admission, !services.access.isRevoked(admission.device) else { return nil }
        return services.access.role(of: admission.user, in: library)
    }

    /// What the user may do with a document; `nil` if they may not read it.
    func role(in scope: DocumentScope) -> Role? {
        guard let admission, !services.access.isRevoked(admission.device) else { return nil }
        return services.access.role(of: admission.user, in: scope)
    }

    /// Writes what the store had to say into the log. It never holds text of a document.
    private func report(_ error: StoreError) {
        if error.code == .fsyncFailed { services.onFatal(error) }
        services.metrics.failed(error)
        services.log.error("store failed", metadata: ["error": "\(error)"])
    }
}
