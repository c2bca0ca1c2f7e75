"""Formulas and their classes, and what is not a formula."""

# ruff: noqa: E501  (long lines are word lists, patterns and sample texts)

from __future__ import annotations

import pytest

from sluicegate.tag.formula import find_formulas, parse_formula
from sluicegate.tag.normalise import normalise


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("LiFePO4", "lfp"), ("Li1.02Fe0.97Mg0.03PO4/C", "lfp"), ("LiFePO 4", "lfp"), ("LiFePO\n4", "lfp"), ("LiFePO₄", "lfp"),
        ("Li 1.02 Fe 0.97 PO 4", "lfp"), ("LixFeyMzPO4", "lfp"), ("LiFe0.98Ti0.02PO4", "lfp"), ("LiFe0.95Mn0.05PO4", "lfp"),
        ("LiMnxFe1-xPO4 (0.4≤x≤0.8)", "lmfp"), ("LiMn0.6Fe0.4PO4/C", "lmfp"), ("LiFe1-x-yMnxMyPO4", "lmfp"), ("LiMnPO4", "lmfp"),
        ("FePO4·2H2O", "phosphate_precursor"), ("(Mn0.6Fe0.4)PO4", "phosphate_precursor"),
        ("(Mn,Fe)5(PO4)2(HPO4)2·4H2O", "phosphate_precursor"), ("Fe3(PO4)2·8H2O", "phosphate_precursor"),
        ("LiNi0.8Co0.1Mn0.1O2", "other:nmc"), ("Li(Ni0.8Co0.1Mn0.1)O2", "other:nmc"), ("Ni0.8Co0.1Mn0.1(OH)2", "other:nmc"),
        ("LiNi0.8Co0.15Al0.05O2", "other:nca"), ("LiCoO2", "other:lco"), ("LiMn2O4", "other:lmo"), ("LiNi0.5Mn1.5O4", "other:lnmo"),
        ("Li1.2Ni0.13Co0.13Mn0.54O2", "other:li_rich"), ("Na3V2(PO4)3", "other:sodium"), ("NaFePO4", "other:sodium"),
        ("Li4Ti5O12", "other:lto"), ("Li1.3Al0.3Ti1.7(PO4)3", "other:solid_electrolyte"), ("LiCoPO4", "other:lcp"),
    ],
)  # fmt: skip
def test_classes(text: str, kind: str) -> None:
    assert [formula.kind for formula in find_formulas(normalise(text).text)] == [kind]


@pytest.mark.parametrize(
    "text",
    ["HOW", "In 2019", "CO2 emissions", "NO. 5", "PO BOX 4", "LFP", "Li", "CV", "H2O", "USA 2 PCS", "(unclosed Li"],
)
def test_not_formulas(text: str) -> None:
    assert list(find_formulas(text)) == []


def test_amounts_and_variables() -> None:
    (formula,) = find_formulas("LiMnxFe1-xPO4 (0.4≤x≤0.8)")
    assert dict(formula.amounts) == pytest.approx({"Li": 1, "Mn": 0.6, "Fe": 0.4, "P": 1, "O": 4})
    parsed = parse_formula("FePO4·2H2O/C")
    assert parsed is not None
    assert (parsed.hydrate, parsed.coated) == (True, True)
