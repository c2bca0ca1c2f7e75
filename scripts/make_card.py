"""The shipped samples in; the tables of leaving registers, points and writers out, printed or put into a new model."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def tables(trained, settings) -> str:
    from sluicegate.learn.card import left_out_table, points_table

    samples = trained.corpus.samples
    registers = [sample.register for sample in samples]
    counts = {register: registers.count(register) for register in registers}
    merged = [register if counts[register] >= 5 else "(rare registers)" for register in registers]
    writers = [Path(sample.place.split(":")[0]).stem for sample in samples]
    command = "scripts/cards"
    return "".join(
        (
            left_out_table(trained, "Leaving one register out", merged, settings=settings, command=command),
            points_table(trained, settings=settings, command=command),
            left_out_table(trained, "Leaving one writer's file out", writers, settings=settings, command=command),
        )
    )


def main(arguments: list[str]) -> None:
    from sluicegate.learn.card import card
    from sluicegate.learn.evaluate import LEARNED_FILE
    from sluicegate.learn.fit import FitSettings
    from sluicegate.learn.pack import folder_files
    from sluicegate.learn.run import Order, learn
    from sluicegate.learn.shelf import write_model
    from sluicegate.settings import Settings

    fit = FitSettings()
    learned = learn(Order((), shipped=True, fit=fit), settings=Settings())
    found = tables(learned.trained, fit)
    print(found)
    if arguments[:1] == ["--train"]:
        name, models = arguments[1], ROOT / "models"
        learned = learned.named(name)
        shutil.rmtree(models / name, ignore_errors=True)
        extra = {LEARNED_FILE: learned.fingerprints()}
        folder = write_model(
            models, name, folder_files(learned.trained.recipe, card(learned.trained, tables=found), extra=extra)
        )
        (models / "current").write_text(f"{name}\n", "utf-8")
        print(f"wrote {folder}")


if __name__ == "__main__":
    main(sys.argv[1:])
