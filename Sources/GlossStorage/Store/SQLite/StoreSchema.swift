extension DatabaseKind {
    /// A server's store.
    static let store = DatabaseKind(
        noun: "a store of glossd", applicationID: 0x476C_6F64,
        schema: [
            """
            CREATE TABLE store (
                id INTEGER PRIMARY KEY CHECK (id = 1),
                lineage INTEGER NOT NULL
            ) STRICT;

            CREATE TABLE libraries (
                id INTEGER PRIMARY KEY,
                name TEXT NOT NULL UNIQUE,
                created_at INTEGER NOT NULL
            ) STRICT;

            CREATE TABLE users (
                name TEXT NOT NULL PRIMARY KEY CHECK (name != ''),
                created_at INTEGER NOT NULL
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE members (
                library INTEGER NOT NULL REFERENCES libraries (id),
                user TEXT NOT NULL REFERENCES users (name),
                role TEXT NOT NULL CHECK (role IN ('reader', 'reviewer', 'editor', 'owner')),
                PRIMARY KEY (library, user)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX members_by_user ON members (user);

            CREATE TABLE devices (
                id INTEGER PRIMARY KEY,
                user TEXT NOT NULL REFERENCES users (name),
                label TEXT NOT NULL,
                secret_hash BLOB NOT NULL CHECK (length(secret_hash) = 32),
                created_at INTEGER NOT NULL,
                last_seen_at INTEGER,
                revoked_at INTEGER,
                UNIQUE (user, label)
            ) STRICT;

            CREATE TABLE invitations (
                secret_hash BLOB NOT NULL PRIMARY KEY CHECK (length(secret_hash) = 32),
                library INTEGER NOT NULL REFERENCES libraries (id),
                role TEXT NOT NULL CHECK (role IN ('reader', 'reviewer', 'editor', 'owner')),
                for_user TEXT,
                created_at INTEGER NOT NULL,
                expires_at INTEGER NOT NULL,
                uses_left INTEGER NOT NULL CHECK (uses_left >= 0),
                creator TEXT
            ) STRICT, WITHOUT ROWID;

            -- What a retry of a redemption gets again.
            CREATE TABLE redemptions (
                invitation BLOB NOT NULL REFERENCES invitations (secret_hash) ON DELETE CASCADE,
                device INTEGER NOT NULL REFERENCES devices (id),
                user TEXT NOT NULL,
                secret_hash BLOB NOT NULL CHECK (length(secret_hash) = 32),
                library INTEGER NOT NULL,
                role TEXT NOT NULL CHECK (role IN ('reader', 'reviewer', 'editor', 'owner')),
                PRIMARY KEY (invitation, device)
            ) STRICT, WITHOUT ROWID;

            -- "number" keeps the tables below small. The head of a document and its checksum are
            -- those of its last row, and an agent's next number is behind its last row: neither
            -- is stored twice.
            CREATE TABLE documents (
                number INTEGER PRIMARY KEY,
                id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
                library INTEGER NOT NULL REFERENCES libraries (id),
                created_at INTEGER NOT NULL
            ) STRICT;
            CREATE INDEX documents_by_library ON documents (library, id);

            -- Clustered by document, because a document is loaded by reading its rows in order.
            -- User and device are not references: a change that a member gives back after a
            -- restore may name a device that the backup had not heard of.
            CREATE TABLE log (
                document INTEGER NOT NULL REFERENCES documents (number),
                position INTEGER NOT NULL CHECK (position >= 1),
                agent INTEGER NOT NULL,
                seq INTEGER NOT NULL CHECK (seq >= 0),
                count INTEGER NOT NULL CHECK (count >= 1),
                hash BLOB NOT NULL CHECK (length(hash) = 32),
                sum INTEGER NOT NULL,
                user TEXT NOT NULL,
                device INTEGER NOT NULL,
                device_label TEXT NOT NULL,
                received_at INTEGER NOT NULL,
                bytes BLOB NOT NULL,
                PRIMARY KEY (document, position),
                UNIQUE (document, agent, seq)
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE agents (
                document INTEGER NOT NULL REFERENCES documents (number),
                agent INTEGER NOT NULL,
                user TEXT NOT NULL,
                device INTEGER NOT NULL,
                PRIMARY KEY (document, agent)
            ) STRICT, WITHOUT ROWID;
            """,
            """
            -- What there is to know of a document without its rows, which nobody then need read.
            ALTER TABLE documents ADD COLUMN head INTEGER NOT NULL DEFAULT 0 CHECK (head >= 0);
            ALTER TABLE documents ADD COLUMN sum INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE documents ADD COLUMN byte_count INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE agents ADD COLUMN next_seq INTEGER NOT NULL DEFAULT 0;
            UPDATE documents SET
                head = coalesce((SELECT max(position) FROM log WHERE document = number), 0),
                byte_count = (SELECT coalesce(sum(length(bytes)), 0) FROM log
                    WHERE document = number);
            UPDATE documents SET sum = (SELECT log.sum FROM log
                WHERE document = number AND position = head) WHERE head > 0;
            UPDATE agents SET next_seq = (SELECT seq + count FROM log
                WHERE log.document = agents.document AND log.agent = agents.agent
                ORDER BY seq DESC LIMIT 1);
            """,
            """
            -- The first rows of a log, in one piece instead of in "log".
            CREATE TABLE blocks (
                document INTEGER PRIMARY KEY REFERENCES documents (number),
                head INTEGER NOT NULL CHECK (head >= 1),
                sum INTEGER NOT NULL,
                columns BLOB NOT NULL,
                hashes BLOB NOT NULL CHECK (length(hashes) = 32 * head),
                changes BLOB NOT NULL
            ) STRICT;
            """,
            """
            -- Documents that are no more, so that nobody makes them again.
            CREATE TABLE purged (
                id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
                library INTEGER NOT NULL REFERENCES libraries (id),
                purged_at INTEGER NOT NULL
            ) STRICT, WITHOUT ROWID;
            """,
            """
            -- What a member may do with an article, instead of what the role in its library allows.
            -- Goes on when the article is purged: it is still as if it had never been.
            CREATE TABLE document_roles (
                article BLOB NOT NULL CHECK (length(article) = 16),
                user TEXT NOT NULL REFERENCES users (name),
                library INTEGER NOT NULL REFERENCES libraries (id),
                role TEXT NOT NULL
                    CHECK (role IN ('none', 'reader', 'reviewer', 'editor', 'owner')),
                PRIMARY KEY (article, user)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX document_roles_by_user ON document_roles (user);
            """,
            """
            -- Which documents are private annotation sets, of which articles, and whose.
            CREATE TABLE private_sets (
                document INTEGER PRIMARY KEY REFERENCES documents (number),
                article BLOB NOT NULL CHECK (length(article) = 16),
                user TEXT NOT NULL REFERENCES users (name)
            ) STRICT;
            CREATE INDEX private_sets_by_article ON private_sets (article);
            CREATE INDEX private_sets_by_user ON private_sets (user);
            ALTER TABLE purged ADD COLUMN article BLOB CHECK (length(article) = 16);
            ALTER TABLE purged ADD COLUMN user TEXT;
            """,
            """
            -- What receipts are signed with, and of what: the hash of each log up to its head, null
            -- until somebody has computed it.
            ALTER TABLE store ADD COLUMN receipt_key BLOB CHECK (length(receipt_key) = 32);
            ALTER TABLE documents ADD COLUMN chain BLOB CHECK (length(chain) = 32);
            """,
            """
            -- Labels that had got a number behind them could be longer than any client reads. Rows keep
            -- theirs, and it is cut when they are read, so that their logs have other hashes.
            UPDATE documents SET chain = NULL WHERE number IN (
                SELECT document FROM agents JOIN devices ON devices.id = agents.device
                WHERE length(CAST(label AS BLOB)) > 64);
            UPDATE OR IGNORE devices SET label = substr(label, 1, 11) || printf('-%016x', id)
                WHERE length(CAST(label AS BLOB)) > 64;
            """,
            """
            -- No client takes a library's name with control characters, and those from 128 on could get
            -- into one.
            WITH RECURSIVE cleaned (id, name, code) AS (
                SELECT id, name, 128 FROM libraries
                    WHERE name GLOB '*[' || char(128) || '-' || char(159) || ']*'
                UNION ALL
                SELECT id, replace(name, char(code), '?'), code + 1 FROM cleaned WHERE code < 160)
            UPDATE OR IGNORE libraries SET name =
                    (SELECT name FROM cleaned WHERE cleaned.id = libraries.id AND code = 160)
                WHERE id IN (SELECT id FROM cleaned);
            """,
        ])
}
