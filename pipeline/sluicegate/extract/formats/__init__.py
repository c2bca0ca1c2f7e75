"""One module a format; `sluicegate.extract.registry` finds them by itself."""
