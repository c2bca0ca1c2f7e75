"""Bytes of a message in, its leaves out: a MIME walk that sees what any recipient's mail program could show.

The standard library's parser follows one reading of each message; mail programs differ, and content can hide between
their readings. This walk works on bytes, does not recurse, keeps hard limits, and follows every reading where two
are possible (duplicate fields, bytes after base64 padding, encoded multiparts, a missing blank line …).
"""
