"""What the Office readers share: packages, compound files, drawings, charts, equations, macros, passwords."""
