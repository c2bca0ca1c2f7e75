"""The formats: each module here reads one family of files; the registry finds them by itself."""
