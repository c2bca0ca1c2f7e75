"""Sluicegate's own troubles: what is raised when *we* cannot work, never when a document is bad.

A document that cannot be read is data (`document.Problem`). These exceptions mean that no verdict can be given at all::

    SluicegateError
    ├── SettingsError        sluicegate.toml is unreadable, misspelled or contradicts itself
    ├── ControlListError     a control list or vocabulary file is invalid, or an unknown list was named
    ├── ModelError           no usable model
    │   ├── ModelMissing     nothing is promoted, or the named model does not exist
    │   └── ModelRefused     tampered, truncated, foreign or made by another feature version
    ├── SampleError          labelled samples that cannot be learned from
    ├── StoreError           the scan store or a record cannot be read or written
    ├── WorkerError          worker processes cannot be started
    ├── LicenceError         the licence register is invalid
    ├── AuditError           the audit chain cannot be written, or does not verify
    └── GatewayError         a gateway cannot listen, or its mail system does not answer

Messages say what to do next and never quote document text.
"""


class SluicegateError(Exception):
    """Root of the tree; commands turn it into exit status 3 (scan, check, serve) or 1."""


class SettingsError(SluicegateError):
    """The settings file is unreadable, has unknown keys, or contradicts itself."""


class ControlListError(SluicegateError):
    """A control list or vocabulary file is invalid, or an unknown list was asked for."""


class ModelError(SluicegateError):
    """There is no model that may be used."""


class ModelMissing(ModelError):
    """No model has this name, or none is promoted."""


class ModelRefused(ModelError):
    """The model's files are tampered with, truncated, foreign or of another feature version."""


class SampleError(SluicegateError):
    """Labelled samples are unreadable, contradictory or too few to learn from."""


class StoreError(SluicegateError):
    """The scan store, a report or a record cannot be read or written."""


class WorkerError(SluicegateError):
    """Worker processes cannot be started."""


class LicenceError(SluicegateError):
    """The licence register is invalid."""


class AuditError(SluicegateError):
    """The audit chain cannot be written or does not verify."""


class GatewayError(SluicegateError):
    """A gateway cannot listen, or the mail system behind it does not answer."""
