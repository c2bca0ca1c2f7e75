from __future__ import annotations

import pytest

from sluicegate.document import Part, Place, Problem, ProblemKind
from sluicegate.verdict import (
    CriterionFinding,
    CriterionStatus,
    Decision,
    PointFinding,
    Provenance,
    ScoredPassage,
    Tag,
    TagLabel,
    Verdict,
)

HOSTILE = "<script>alert(1)</script>\"'&\u202e\x00"
SECRET = "烧结温度 720 °C, 10 h"
QUOTE = f"The LiFePO4 precursor: {SECRET}; density 2.62 g/cm3."


class Maker:
    """Makes verdicts, with text of one's choice wherever a document can put any."""

    hostile = HOSTILE
    secret = SECRET
    quote = QUOTE

    def __call__(
        self,
        *,
        document: str = "offers/a.eml",
        decision: Decision = Decision.HOLD,
        quote: str = QUOTE,
        word: str = "sintering",
    ) -> Verdict:
        place = Place((document, "spec.pdf"), page=3, table=1, row=4)
        start = quote.index("LiFePO4") if "LiFePO4" in quote else 0
        tag = Tag(TagLabel.CHEMISTRY, "lfp", quote[start : start + 7], start, start + 7, ("lfp",), True)
        inner = Tag(TagLabel.FORMULA, "formula-compound", quote[start + 2 : start + 7], start + 2, start + 7)
        stated = {"value": 2.62, "unit": "g/cm3", "conditions": {"pressure": "220 MPa"}, "sample": "example 3"}
        criterion = CriterionFinding(
            "compaction_density", CriterionStatus.MET, ">= 2.58 g/cm3 at 220 MPa", True, stated, 0.04, place, quote
        )
        title = {"en": "Preparation of lithium iron phosphate", "zh": "磷酸铁锂制备技术"}
        return Verdict(
            document=document, sha256="ab" * 32, media_type="message/rfc822", kind="mail", language=("zh", "en"),
            parts=(
                Part((document,), "ab" * 32, "message/rfc822"),
                Part((document, "spec.pdf"), "cd" * 32, "application/pdf"),
            ),
            decision=decision, reasons=(f"A passage teaches how to prepare it ({place.text}).", "Another reason."),
            know_how=0.98,
            control_points=(PointFinding("cn-2025-28", "252604X.1", title, "in_force", 0.97, (criterion,)),),
            passages=(
                ScoredPassage(place, 0.98, quote, ((word, 1.9), ("mill", -0.2)), (tag, inner), ("dose",), ("lfp",)),
            ),
            problems=(Problem(ProblemKind.ENCRYPTED, Place((document, "locked.pdf")), "it needs a password"),),
            provenance=Provenance(
                "0.1.0", "base", ("cn-2025-28",), "ef" * 32, "2026-07-01T08:00:00+00:00", "2026-07-01"
            ),
            elapsed_ms=12.3, notes=("a note",),
        )  # fmt: skip


@pytest.fixture(scope="session")
def made() -> Maker:
    return Maker()
