"""The shipped samples in; what retraining must hold, measured, and whether it does, out."""

from __future__ import annotations

import io
import json
import os
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from sluicegate.classify.model import LISTED, TEACHES
from sluicegate.learn.calibrate import TEMPER, probability
from sluicegate.learn.check import suspects
from sluicegate.learn.corpus import build_corpus
from sluicegate.learn.fit import FitSettings, best_rows, fit_heads
from sluicegate.learn.load import load_samples
from sluicegate.learn.sample import OWN, SHIPPED, Sample, fraction
from sluicegate.learn.split import is_frozen, join_alike
from sluicegate.learn.train import settle, shipped_samples, train, unseen_by, weigh_origins
from sluicegate.settings import Settings, parse_settings

DOCUMENTS = 10_000
SECONDS, MEMORY = 300, 4 * 1024**3
SEEDS = (1, 2, 3)
FALSE_STOPS = (0.02, 0.05)
OWN_WEIGHT = 3.0  # what `sluicegate train` gives an own sample


def samples() -> list[Sample]:
    """All shipped samples, near copies in one group."""
    found = load_samples([shipped_samples()], settings=Settings(), origin=SHIPPED).samples
    return join_alike(found)


def report(name: str, figure: str, asked: str, holds: bool) -> bool:
    """Print a line."""
    print(f"{'holds' if holds else 'FAILS':<6} {name}: {figure} (asked: {asked})", flush=True)
    return holds


# Retraining on 10,000 documents


def varied(source: Sequence[Sample], dice: random.Random) -> Iterator[dict[str, object]]:
    """Documents of one to three samples with one label, their sentences dropped at random and their numbers changed."""
    groups: dict[tuple[str, bool, bool], list[Sample]] = {}
    for sample in source:
        groups.setdefault((sample.language, sample.controlled, bool(sample.teaches)), []).append(sample)
    for number in range(DOCUMENTS):
        kind = dice.choice(sorted(groups))
        parts = dice.sample(groups[kind], dice.randint(1, 3))
        pieces = [piece for part in parts for piece in re.split(r"(?<=[.。;；\n])", part.text) if dice.random() < 0.85]
        text = re.sub(
            r"\d", lambda digit: str(dice.randint(0, 9)) if dice.random() < 0.4 else digit[0], "".join(pieces)
        )
        points = sorted({point for part in parts for point in part.points})
        yield {"id": f"d{number}", "text": text or parts[0].text, "label": parts[0].label, "points": points,
               "teaches": parts[0].teaches, "language": kind[0]}  # fmt: skip


def resident(root: int) -> int:
    """Proportional memory of a process and its descendants, in bytes."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        children.setdefault(int(fields[1]), []).append(int(entry.parent.name))
    waiting, total = [root], 0
    while waiting:
        process = waiting.pop()
        waiting.extend(children.get(process, []))
        try:
            rollup = Path(f"/proc/{process}/smaps_rollup").read_text()
        except OSError:
            continue
        total += next((int(line.split()[1]) * 1024 for line in rollup.splitlines() if line.startswith("Pss:")), 0)
    return total


def load(everything: Sequence[Sample]) -> bool:
    """Time and memory of `sluicegate train` on two cores."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "own.jsonl"
        with data.open("w", encoding="utf-8") as stream:
            characters = 0
            for row in varied(everything, random.Random(5)):
                characters += len(str(row["text"]))
                stream.write(json.dumps(row, ensure_ascii=False) + "\n")
        command = ["-c", "from sluicegate.cli import main; main()", "train", str(data), "--into", f"{folder}/models",
                   "--jobs", "2"]  # fmt: skip
        started, peak = time.monotonic(), 0
        with (Path(folder) / "out").open("w") as out:
            child = subprocess.Popen([sys.executable, *command], stdout=out, preexec_fn=_two_cores)
            while child.poll() is None:
                peak = max(peak, resident(child.pid))
                time.sleep(0.3)
        seconds = time.monotonic() - started
    processor = resource.getrusage(resource.RUSAGE_CHILDREN)
    busy = processor.ru_utime + processor.ru_stime
    figure = (
        f"{seconds:.0f} s ({busy:.0f} s of processor time), {peak / 1024**3:.2f} GiB, "
        f"{characters / DOCUMENTS:.0f} characters a document"
    )
    asked = f"{SECONDS} s and {MEMORY / 1024**3:.0f} GiB on two cores"
    return report(f"train on {DOCUMENTS} documents beside the shipped samples", figure, asked,
                  child.returncode == 0 and seconds <= SECONDS and peak <= MEMORY)  # fmt: skip


def _two_cores() -> None:
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:2])


# Flipped labels


def flipped(source: Sequence[Sample], dice: random.Random) -> tuple[list[Sample], set[str]]:
    """The samples as a company's own, one in twenty with the other label; nobody says what those teach."""
    own = [sample for sample in source if sample.origin == OWN]
    wrong = {sample.id for sample in dice.sample(own, round(0.05 * len(own)))}

    def turned(sample: Sample) -> Sample:
        if sample.origin != OWN:
            return sample
        controlled = sample.controlled != (sample.id in wrong)
        return replace(sample, controlled=controlled, teaches=True if controlled else None, points=(), marks=())

    return [turned(sample) for sample in source], wrong


def flips(everything: Sequence[Sample]) -> bool:
    """The share of flipped labels in the first tenth of the list of suspects."""
    shares: dict[str, list[float]] = {"four of five samples the company's": [], "half of them the company's": []}
    for seed in SEEDS:
        for name, part in zip(shares, (0.8, 0.5), strict=True):
            mixed = [replace(one, origin=OWN) if fraction(f"{seed}{one.group}") < part else one for one in everything]
            given, wrong = flipped(mixed, random.Random(seed))
            aside = [sample for sample in given if is_frozen(sample)]
            learned = [sample for sample in given if not is_frozen(sample)]
            trained = train(weigh_origins(learned, own_weight=OWN_WEIGHT), name="x", jobs=2)
            scores = np.concatenate([trained.controlled, unseen_by(trained, aside)])
            ranked = [doubt.samples[0] for doubt in suspects([*trained.corpus.samples, *aside], scores)]
            places = {sample.place or sample.id for sample in given if sample.id in wrong}
            shares[name].append(len(places & set(ranked[: round(len(ranked) / 10)])) / len(places))
    held = [report(f"5 % of the labels flipped, {name}", f"{np.mean(found):.0%} of the flips in the first tenth "
                   f"({', '.join(f'{share:.0%}' for share in found)})", "70 %", float(np.mean(found)) >= 0.7)
            for name, found in shares.items()]  # fmt: skip
    return all(held)


# New sources


def stem_of(sample: Sample) -> str:
    """The writer and subject of a sample: the name of its file without the language."""
    return sample.place.split(".")[0].split("-")[-1]


def recall(scores: np.ndarray, held: Sequence[Sample], share: float) -> float:
    """Recall at the threshold that stops this share of the harmless samples."""
    label = np.asarray([sample.controlled for sample in held])
    harmless = np.asarray([not sample.controlled and not sample.teaches for sample in held])
    return float((scores[label] > np.quantile(scores[harmless], 1 - share)).mean())


def scores_of(learned: Sequence[Sample], held: Sequence[Sample]) -> np.ndarray:
    """Scores of held-out samples by the two heads that `train` would learn, without its points, folds and card."""
    settings, heads = FitSettings(), (TEACHES, LISTED)
    corpus = settle(build_corpus(learned, jobs=1), settings=settings)
    fitted = fit_heads(corpus, heads, np.ones(len(learned), dtype=bool), settings=settings)
    other = build_corpus(held, jobs=1)
    logits = best_rows(other, fitted.logits(other.matrix), np.arange(len(other.owner)))
    return probability(logits[:, 0], (1.0, 0.0)) * probability(logits[:, 1], (TEMPER, 0.0))


def new_sources(everything: Sequence[Sample], mine: Sequence[bool], title: str) -> bool:
    """A base model without some sources; then with 400 documents of them; both on the rest of them."""
    company = [sample for sample, own in zip(everything, mine, strict=True) if own]
    base = [sample for sample, own in zip(everything, mine, strict=True) if not own]
    rows: dict[float, list[tuple[float, float]]] = {share: [] for share in FALSE_STOPS}
    for seed in SEEDS:
        dealt = sorted(company, key=lambda sample, seed=seed: fraction(f"{seed}:{sample.group}"))  # type: ignore[misc]
        groups = {sample.group for sample in dealt[:400]}
        given = [replace(one, origin=OWN, weight=OWN_WEIGHT, teaches=one.teaches or None)
                 for one in dealt if one.group in groups]  # fmt: skip
        held = [sample for sample in dealt if sample.group not in groups]
        before, after = scores_of(base, held), scores_of([*base, *given], held)
        for share, found in rows.items():
            found.append((recall(before, held, share), recall(after, held, share)))
    held_all = True
    for share, found in rows.items():
        old, new = np.mean(found, axis=0)
        figure = f"recall {old:.3f} before, {new:.3f} after, of {len(company) - 400} held out (base: {len(base)})"
        held_all &= report(f"{title}, at {share:.0%} false stops", figure, "higher after 400", bool(new > old))
    return held_all


def sources(everything: Sequence[Sample]) -> bool:
    """By writers, and by registers, that the base model never saw."""
    writers = [stem_of(sample) in ("lithium", "refining") for sample in everything]
    names = sorted({sample.register for sample in everything}, key=lambda name: fraction(f"register:{name}"))
    counts = {name: sum(sample.register == name for sample in everything) for name in names}
    chosen: set[str] = set()
    for name in names:
        if sum(counts[one] for one in chosen) < 0.5 * len(everything):
            chosen.add(name)
    registers = [sample.register in chosen for sample in everything]
    held = [new_sources(everything, writers, "writers and subjects of their own"),
            new_sources(everything, registers, f"{len(chosen)} registers of their own")]  # fmt: skip
    return all(held)


# An annex in a contract


def contract(annex: str | None, texts: Sequence[str], *, page: int, font: str) -> bytes:
    """A contract of 100 pages as a PDF, with the annex on a page of its own."""
    from reportlab.pdfgen.canvas import Canvas

    wide = 38 if font == "STSong-Light" else 92
    data = io.BytesIO()
    canvas = Canvas(data)
    for number in range(1, 101):
        text = annex if annex is not None and number == page else texts[number % len(texts)]
        canvas.setFont(font, 10)
        lines = [
            line[start : start + wide] for line in text.splitlines() for start in range(0, max(len(line), 1), wide)
        ]
        for row, line in enumerate(lines[:60]):
            canvas.drawString(50, 800 - 12 * row, line)
        canvas.showPage()
    canvas.save()
    return data.getvalue()


def annex(everything: Sequence[Sample]) -> bool:
    """Controlled samples that the live model has not learned from, each as page 63 of a contract."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont

    from sluicegate.screener import Screener
    from sluicegate.verdict import Decision

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    with tempfile.TemporaryDirectory() as folder:
        screener = Screener.build(parse_settings({"paths": {"models": folder}}))
    kinds = {"supply_contract", "purchase_order", "contract_boilerplate", "tender", "office_doc"}
    stopped = placed = total = false_stops = 0
    for language, font in (("en", "Helvetica"), ("zh", "STSong-Light")):
        own = [sample for sample in everything if sample.language == language]
        plain = [
            sample.text for sample in own if sample.register in kinds and not sample.teaches and len(sample.text) > 300
        ]
        verdict = screener.screen_bytes(contract(None, plain, page=0, font=font), name="contract.pdf")
        false_stops += verdict.decision is not Decision.RELEASE
        registers = ("process_manual", "contract_annex", "batch_record", "patent_embodiment")
        annexes = [one for one in own if one.controlled and is_frozen(one) and one.register in registers][:10]
        for sample in annexes:
            data = contract(sample.text, plain, page=63, font=font)
            verdict = screener.screen_bytes(data, name="contract.pdf")
            total += 1
            stopped += verdict.decision is not Decision.RELEASE
            placed += any(passage.place.page == 63 for passage in verdict.passages[:1])
    name = f"an annex of one page in 100 pages of contract ({false_stops} of 2 stopped without it)"
    return report(name, f"{stopped} of {total} stopped, {placed} with page 63 first", "stopped at its page",
                  stopped == placed == total)  # fmt: skip


def main(arguments: Sequence[str]) -> int:
    """Run the parts named, or all; 1 when one does not hold."""
    parts = {"flips": flips, "sources": sources, "annex": annex, "load": load}
    everything = samples()
    print(f"{len(everything)} shipped samples, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    held = [part(everything) for name, part in parts.items() if not arguments or name in arguments]
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
