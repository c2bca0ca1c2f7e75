"""Verdicts in, a Parquet file out: the columns of the CSV report with types, for data work (extra `parquet`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, BinaryIO

from sluicegate.errors import StoreError
from sluicegate.report.flat import COLUMNS, row
from sluicegate.verdict import Verdict

SUFFIX = ".parquet"
BINARY = True
_ROWS = 5_000  # in memory at a time
_NUMBERS = {"know_how": "double", "elapsed_ms": "double", "parts": "int64"}


def render(verdicts: Iterable[Verdict], stream: BinaryIO, *, redact: bool = False, language: str = "en") -> None:
    """Write the file; raises `StoreError` when pyarrow is not installed. No cell quotes a document."""
    try:
        import pyarrow as pa  # an extra, and slow to import
        import pyarrow.parquet as parquet
    except ImportError:
        raise StoreError("Parquet needs pyarrow: pip install 'sluicegate[parquet]'") from None
    kinds = {"double": pa.float64(), "int64": pa.int64()}
    schema = pa.schema([(name, kinds.get(_NUMBERS.get(name, ""), pa.string())) for name in COLUMNS])
    rows = (row(verdict) for verdict in verdicts)
    with parquet.ParquetWriter(stream, schema, compression="zstd") as writer:
        for batch in _batches(rows):
            writer.write_table(pa.Table.from_pylist(batch, schema=schema))


def _batches(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    while batch := list(islice(rows, _ROWS)):
        yield batch
