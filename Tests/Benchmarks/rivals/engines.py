"""The libraries measured beside Gloss, each behind the same few calls.

A history is everything, with all text ever typed. A snapshot is what the library offers for opening
a document fast. Every edit is a transaction of its own. Agents get small numbers, which both write in fewer
bytes than the random ones they would take.
"""

import loro
import pycrdt


class Loro:
    name = "loro"
    #: What positions count.
    unit = "scalars"

    @staticmethod
    def version():
        return loro.LORO_VERSION

    @staticmethod
    def new(agent=0):
        document = loro.LoroDoc()
        document.peer_id = agent + 1
        return document

    @classmethod
    def type_patches(cls, patches):
        """A document in which each patch was one edit."""
        document = cls.new()
        text = document.get_text("text")
        insert, delete, commit = text.insert, text.delete, document.commit
        for position, deleted, inserted in patches:
            if deleted:
                delete(position, deleted)
            if inserted:
                insert(position, inserted)
            commit()
        return document

    #: The same, for histories.
    type_whole = type_patches

    @classmethod
    def edit(cls, document, patches):
        """Makes all patches in one transaction, and returns it as bytes."""
        before = document.oplog_vv
        text = document.get_text("text")
        for position, deleted, inserted in patches:
            if deleted:
                text.delete(position, deleted)
            if inserted:
                text.insert(position, inserted)
        document.commit()
        return document.export(loro.ExportMode.Updates(before))

    @staticmethod
    def integrate(document, data):
        document.import_(data)

    @classmethod
    def call_cost(cls, count):
        """What `count` edits cost in calls alone: as many reads of a length, and empty commits."""
        document = cls.new()
        text = document.get_text("text")
        commit = document.commit
        for _ in range(count):
            text.len_unicode
            commit()

    @staticmethod
    def text(document):
        return document.get_text("text").to_string()

    @staticmethod
    def encode_history(document):
        return document.export(loro.ExportMode.Updates(loro.VersionVector()))

    @classmethod
    def load(cls, data):
        document = cls.new()
        document.import_(data)
        return document

    @staticmethod
    def encode_snapshot(document):
        """The state, and the history with it."""
        return document.export(loro.ExportMode.Snapshot())

    @staticmethod
    def encode_shallow(document):
        """The state without history: it no longer knows what was deleted."""
        return document.export(loro.ExportMode.ShallowSnapshot(document.oplog_frontiers))


class Pycrdt:
    """yrs, through its Python binding."""

    name = "pycrdt"
    unit = "bytes"
    #: There is nothing smaller than a snapshot.
    encode_shallow = None

    @staticmethod
    def version():
        return pycrdt.__version__

    @staticmethod
    def new(agent=0, whole=False):
        return pycrdt.Doc(client_id=agent + 1, skip_gc=whole)

    @classmethod
    def type_patches(cls, patches, whole=False):
        document = cls.new(whole=whole)
        text = document.get("text", type=pycrdt.Text)
        insert = text.insert
        for position, deleted, inserted in patches:
            if deleted and inserted:
                with document.transaction():
                    del text[position : position + deleted]
                    insert(position, inserted)
            elif deleted:
                del text[position : position + deleted]
            else:
                insert(position, inserted)
        return document

    @classmethod
    def type_whole(cls, patches):
        """The same, keeping the deleted text too, which it drops unless told."""
        return cls.type_patches(patches, whole=True)

    @classmethod
    def edit(cls, document, patches):
        made = []
        text = document.get("text", type=pycrdt.Text)
        # The event's bytes are the transaction alone; an update since a state holds all deletions.
        subscription = document.observe(lambda event: made.append(event.update))
        with document.transaction():
            for position, deleted, inserted in patches:
                if deleted:
                    del text[position : position + deleted]
                if inserted:
                    text.insert(position, inserted)
        document.unobserve(subscription)
        (update,) = made
        return update

    @staticmethod
    def integrate(document, data):
        document.apply_update(data)

    @classmethod
    def call_cost(cls, count):
        """What `count` edits cost in calls alone: as many empty transactions."""
        document = cls.new()
        for _ in range(count):
            with document.transaction():
                pass

    @staticmethod
    def text(document):
        return str(document.get("text", type=pycrdt.Text))

    @staticmethod
    def encode_history(document):
        return document.get_update()

    @classmethod
    def load(cls, data):
        document = cls.new(whole=True)
        document.apply_update(data)
        return document

    @staticmethod
    def encode_snapshot(document):
        """The ids of deleted characters are there, their text is not."""
        return document.get_update()


ENGINES = [Loro, Pycrdt]
