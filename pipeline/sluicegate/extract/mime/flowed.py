"""Format=flowed text in, paragraphs out (RFC 3676): soft breaks joined, stuffed blanks and quote depth respected."""

from __future__ import annotations


def unflowed(text: str, *, delete_space: bool = False) -> str:
    """Join lines that end in a blank with the next of the same quote depth; `delete_space` is DelSp=yes.

    The signature line "-- " is never joined.
    """
    out: list[str] = []
    held = ""
    open_depth: int | None = None
    for line in text.splitlines():
        depth = len(line) - len(line.lstrip(">"))
        body = line[depth:].removeprefix(" ")
        soft = body.endswith(" ") and body != "-- "
        if open_depth is not None and depth == open_depth and body != "-- ":
            held += body
        else:
            if open_depth is not None:
                out.append(held)
            held = ">" * depth + (" " if depth else "") + body
        if soft:
            held = held[:-1] if delete_space else held
            open_depth = depth
        else:
            out.append(held)
            open_depth = None
    if open_depth is not None:
        out.append(held)
    return "\n".join(out)
