"""Data files of the extractors."""
