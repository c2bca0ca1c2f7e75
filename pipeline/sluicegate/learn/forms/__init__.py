"""The forms that labelled samples come in, one module each: a file or folder in, samples out.

A module has `recognises(path, head)` (head: the first parsed value of a JSON file or line, or `None`) and
`read(path, context)`; a new form is one new file.
"""
