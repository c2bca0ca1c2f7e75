"""Folders in, stored verdicts out: walk, screen in workers or over Dask, keep every result as it comes."""
