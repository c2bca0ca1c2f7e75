"""Sluicegate screens documents for export-controlled battery know-how before they leave a company."""

__version__ = "0.1.0"
