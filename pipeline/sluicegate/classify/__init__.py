"""Judges whether a text teaches how to make something: documents in, a score for every window of text out."""
