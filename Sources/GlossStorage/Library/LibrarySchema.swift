extension DatabaseKind {
    /// A client's library.
    static let library = DatabaseKind(
        noun: "a library of gloss", applicationID: 0x476C_6F73,
        schema: [
            """
            CREATE TABLE meta (
                key TEXT NOT NULL PRIMARY KEY,
                value TEXT NOT NULL
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE replicas (
                number INTEGER PRIMARY KEY,
                id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
                agent INTEGER NOT NULL,
                position INTEGER NOT NULL CHECK (position >= 0),
                sum INTEGER NOT NULL,
                created_locally INTEGER NOT NULL CHECK (created_locally IN (0, 1)),
                read_position INTEGER NOT NULL CHECK (read_position >= 0)
            ) STRICT;

            CREATE TABLE history (
                id INTEGER PRIMARY KEY,
                command TEXT NOT NULL,
                time INTEGER NOT NULL,
                state TEXT NOT NULL CHECK (state IN ('done', 'undone')),
                undoes INTEGER REFERENCES history (id)
            ) STRICT;

            -- Clustered by document, because a replica is loaded by reading its changes in order.
            -- "added" orders what was made here across documents and is null for the rest;
            -- "state" is 0 unsent, 1 offered, 2 acknowledged, 3 refused.
            CREATE TABLE changes (
                document INTEGER NOT NULL REFERENCES replicas (number),
                place INTEGER NOT NULL CHECK (place >= 1),
                added INTEGER,
                agent INTEGER NOT NULL,
                seq INTEGER NOT NULL CHECK (seq >= 0),
                count INTEGER NOT NULL CHECK (count >= 1),
                hash BLOB NOT NULL CHECK (length(hash) = 32),
                state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 3),
                position INTEGER CHECK ((position IS NULL) = (state != 2)),
                user TEXT,
                device_label TEXT,
                received_at INTEGER,
                code TEXT CHECK ((code IS NULL) = (state != 3)),
                reason TEXT CHECK ((reason IS NULL) = (state != 3)),
                entry INTEGER REFERENCES history (id),
                bytes BLOB NOT NULL,
                PRIMARY KEY (document, place),
                UNIQUE (document, agent, seq)
            ) STRICT, WITHOUT ROWID;
            CREATE UNIQUE INDEX made_here ON changes (added) WHERE added IS NOT NULL;
            CREATE INDEX outbox ON changes (added) WHERE state < 2;
            CREATE INDEX refused ON changes (added) WHERE state = 3;
            CREATE INDEX changes_by_entry ON changes (entry) WHERE entry IS NOT NULL;

            CREATE TABLE drafts (
                id INTEGER PRIMARY KEY,
                document BLOB NOT NULL CHECK (length(document) = 16),
                purpose TEXT NOT NULL,
                base_version BLOB NOT NULL,
                text TEXT NOT NULL,
                time INTEGER NOT NULL
            ) STRICT;

            -- "key" is shifted so that its order as a signed number is that of the unsigned one.
            CREATE TABLE names (
                key INTEGER NOT NULL,
                document BLOB NOT NULL CHECK (length(document) = 16),
                agent INTEGER NOT NULL,
                seq INTEGER NOT NULL CHECK (seq >= 0),
                kind TEXT NOT NULL,
                PRIMARY KEY (key, document, agent, seq)
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE articles (
                document BLOB NOT NULL PRIMARY KEY CHECK (length(document) = 16),
                name TEXT NOT NULL,
                title TEXT NOT NULL,
                archived INTEGER NOT NULL CHECK (archived IN (0, 1))
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX articles_by_name ON articles (name);
            """,
            """
            -- Changes that were taken back before they were offered: what they were, for a redo. They
            -- keep their places and orders, which nothing else takes.
            CREATE TABLE recalled (
                document INTEGER NOT NULL REFERENCES replicas (number),
                place INTEGER NOT NULL CHECK (place >= 1),
                added INTEGER NOT NULL UNIQUE,
                agent INTEGER NOT NULL,
                seq INTEGER NOT NULL CHECK (seq >= 0),
                count INTEGER NOT NULL CHECK (count >= 1),
                hash BLOB NOT NULL CHECK (length(hash) = 32),
                entry INTEGER NOT NULL REFERENCES history (id),
                bytes BLOB NOT NULL,
                PRIMARY KEY (document, place),
                UNIQUE (document, agent, seq)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX recalled_by_entry ON recalled (entry);
            """,
            """
            -- Documents that the server has purged: what is here of them is all there is.
            ALTER TABLE replicas ADD COLUMN purged INTEGER NOT NULL DEFAULT 0
                CHECK (purged IN (0, 1));
            """,
            """
            -- The server's last receipt for each document.
            CREATE TABLE receipts (
                document INTEGER PRIMARY KEY REFERENCES replicas (number),
                lineage INTEGER NOT NULL,
                position INTEGER NOT NULL CHECK (position >= 1),
                chain BLOB NOT NULL CHECK (length(chain) = 32),
                signature BLOB NOT NULL
            ) STRICT;

            -- Ends of logs that a server has signed and lost, until they are given back. The rows'
            -- changes are in "changes", which by then has other positions for them.
            CREATE TABLE former_logs (
                id INTEGER PRIMARY KEY,
                document INTEGER NOT NULL REFERENCES replicas (number),
                lineage INTEGER NOT NULL,
                start INTEGER NOT NULL CHECK (start >= 0),
                start_chain BLOB NOT NULL CHECK (length(start_chain) = 32),
                position INTEGER NOT NULL CHECK (position > start),
                signature BLOB NOT NULL
            ) STRICT;
            CREATE INDEX former_logs_by_document ON former_logs (document);
            CREATE TABLE former_rows (
                log INTEGER NOT NULL REFERENCES former_logs (id) ON DELETE CASCADE,
                position INTEGER NOT NULL,
                agent INTEGER NOT NULL,
                seq INTEGER NOT NULL,
                user TEXT NOT NULL,
                device_label TEXT NOT NULL,
                received_at INTEGER NOT NULL,
                PRIMARY KEY (log, position)
            ) STRICT, WITHOUT ROWID;

            -- Position 0: in a log of the server, and not yet seen in the one it has now.
            CREATE INDEX changes_by_position ON changes (document, position)
                WHERE position IS NOT NULL;
            """,
            """
            -- What the server does not take back, and why.
            ALTER TABLE former_rows ADD COLUMN code TEXT;
            ALTER TABLE former_rows ADD COLUMN reason TEXT;
            """,
            """
            -- The article of a private annotation set; null where the id tells it.
            ALTER TABLE replicas ADD COLUMN article BLOB CHECK (length(article) = 16);
            CREATE INDEX private_sets ON replicas (article) WHERE article IS NOT NULL;
            """,
            """
            -- What the server said last that the user may do; null where it has said nothing.
            ALTER TABLE replicas ADD COLUMN role TEXT;
            """,
        ])
}
