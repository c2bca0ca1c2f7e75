"""Writes tests/samples/ from the texts beside it: real-format documents, the same bytes at every run.

`make-samples` writes them; `make-samples --check` only says which committed file differs and exits with 1.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

import office
import pdf
import web
from markup import TEXTS, Block, read

SAMPLES = Path(__file__).resolve().parents[2] / "tests" / "samples"
_SONG = {"font": "STSong-Light", "bold": "STSong-Light"}
_HAN = {"font": "Han", "bold": "Han"}


def _pdf(name: str, **look: object) -> Callable[[], bytes]:
    return lambda: pdf.render(read(name).blocks, pdf.Look(**look))  # type: ignore[arg-type]


def _docx(name: str, **options: str) -> Callable[[], bytes]:
    return lambda: office.docx(read(name), **options)


def _text(name: str, encoding: str = "utf-8", suffix: str = "txt") -> Callable[[], bytes]:
    return lambda: (TEXTS / f"{name}.{suffix}").read_text("utf-8").encode(encoding)


def _contract() -> bytes:
    """40 pages: articles, ten annexes of which Annex J (pages 37 and 38) holds the know-how, signatures."""
    names = ("contract-cover", "contract-body", "contract-annexes", "contract-annex-j", "contract-signatures")
    blocks: list[Block] = []
    for name in names:
        blocks += [*([Block("break")] if blocks else []), *read(name).blocks]
    look = pdf.Look(size=12, leading=23.5, after=9, margin=27, header="Contract BK-2026-09", footer="Baiyan / Karpat")
    return pdf.render(blocks, look)


def _precursor_batches() -> bytes:
    head = (
        "批号 Batch", "FeSO4 Fe g/L", "磷酸 P/Fe", "H2O2 过量 %", "反应温度 °C", "pH 终点", "加料 h", "陈化温度 °C",
        "陈化 h", "洗水电导 µS/cm", "煅烧 °C", "煅烧 h", "Fe/P", "振实密度 g/cm3", "BET m2/g", "D50 µm", "磁性异物 ppb",
    )  # fmt: skip
    rows = [
        ("FP-0611", 58, 1.06, 12, 58, 1.85, 2.5, 92, 3.5, 410, 560, 4.0, 0.968, 1.18, 9.6, 2.6, 31),
        ("FP-0612", 58, 1.06, 12, 58, 1.90, 2.5, 92, 4.0, 390, 580, 4.0, 0.970, 1.22, 8.8, 2.9, 28),
        ("FP-0614", 60, 1.05, 14, 60, 1.90, 3.0, 94, 4.0, 350, 600, 4.5, 0.972, 1.27, 7.9, 3.3, 9),
        ("FP-0615", 60, 1.05, 14, 60, 1.95, 3.0, 94, 4.5, 330, 610, 4.5, 0.974, 1.31, 7.2, 3.5, 8),
        ("FP-0617", 62, 1.05, 14, 62, 2.05, 3.0, 95, 4.5, 340, 620, 4.5, 0.979, 1.33, 6.8, 3.9, 8),
        ("FP-0618", 60, 1.05, 14, 60, 1.95, 3.5, 95, 5.0, 300, 610, 4.5, 0.975, 1.34, 7.0, 3.6, 7),
    ]
    notes = [
        ("说明",),
        ("母液先加还原铁粉 1.5 kg/m3，70 °C 搅 40 min，再调 pH 3.2 除钛，精滤后用。",),
        ("双氧水从液面下加，温度超过 65 °C 先停双氧水，不停磷酸。",),
        ("pH 高于 2.0 颜色偏黄，铁磷比跟着上来；0618 把加料拉长到 3.5 h，粒子更圆，振实最好。",),
        ("下批 0620 按 0618 的参数，煅烧第一段 280 °C 1 h 先脱结晶水。",),
        ("去向：磷酸铁锂二车间。",),
    ]
    return office.xlsx(
        {"磷酸铁批次": [head, *rows], "备注": notes, "领用": [("日期", "批号", "吨"), ("6-20", "FP-0614", 12.5)]}
    )


def _metal_mail() -> bytes:
    table = (TEXTS / "metal-furnace.csv").read_bytes()
    return web.mail(
        (TEXTS / "metal-mail.txt").read_text("utf-8"),
        sender="闵学勤 <min.xueqin@jinli.example>",
        to="Chen Boyang <chen@jinli.example>, Dr A. Whitlock <a.whitlock@tarnholm.example>",
        subject="蒸馏炉参数 / still settings, furnaces 6-9",
        date="Tue, 11 Aug 2026 18:42:10 +0800",
        attachments=[web.Attachment("炉次6-9.csv", "text/csv", table)],
    )


def _archive_mail() -> bytes:
    note = office.docx(read("purified-liquid"), header="Hydromet group")
    inner = office.pack({"notes/polishing-columns.docx": note, "notes/logo.png": web.logo()})
    prices = (TEXTS / "price-report.csv").read_bytes()
    outer = office.pack({"prices.csv": prices, "columns.zip": inner})
    return web.mail(
        (TEXTS / "mail-offer.txt").read_text("utf-8"),
        sender="Per Aasland <per@fjordlys.example>",
        to="ines.moura@example.org",
        subject="Papers for Wednesday",
        date="Mon, 17 Aug 2026 16:03:55 +0200",
        attachments=[web.Attachment("wednesday.zip", "application/zip", outer)],
    )


def _office_mail() -> bytes:
    text = (TEXTS / "logo-mail.txt").read_text("utf-8")
    paragraphs = "".join(f"<p>{part}</p>" for part in text.strip().split("\n\n"))
    rich = f'<html><body>{paragraphs}<img src="cid:sig" alt=""><img src="cid:logo" alt="Fjordlys"></body></html>'
    pictures = [
        web.Attachment("logo.png", "image/png", web.logo(), "logo"),
        web.Attachment("signature.png", "image/png", web.signature(), "sig"),
    ]
    return web.mail(
        text,
        sender="Torunn Heggelund <torunn@fjordlys.example>",
        to="m.aldridge@example.org",
        subject="Dates for the two audits",
        date="Fri, 18 Sep 2026 10:12:00 +0200",
        attachments=pictures,
        rich=rich,
    )


CATALOGUE: dict[str, Callable[[], bytes]] = {
    "annual-report.pdf": _pdf("annual-report", columns=2, size=9.5, leading=12.5, header="Annual report 2025"),
    "audit-dates.eml": _office_mail,
    "brine-adsorption-report.pdf": _pdf("brine-adsorption-report", columns=2, size=9, leading=12, header="26-118"),
    "cell-datasheet.pdf": _pdf("cell-datasheet", footer="Subject to change without notice"),
    "cooperation-contract.pdf": _contract,
    "export-rule-news.html": lambda: web.html(read("news-export-rule").blocks, language="en", title="Trade news"),
    "leave-policy.docx": _docx("hr-policy", header="Human Resources"),
    "licence-term-sheet.docx": _docx("licence-term-sheet", header="意向书"),
    "lfp-manual-de.pdf": _pdf("lfp-manual-de", header="Verfahrensanweisung"),
    "lfp-manual-hu.docx": _docx("lfp-manual-hu"),
    "lfp-manual-ja.pdf": _pdf("lfp-manual-ja", font="HeiseiMin-W3", bold="HeiseiMin-W3"),
    "lfp-manual-ko.txt": _text("lfp-manual-ko"),
    "lfp-manual-locked.pdf": _pdf("lfp-pilot-manual-below", password="Tm7-archive"),
    "lfp-patent.pdf": _pdf("patent", **_HAN, header="CN 999000417 A", footer="说明书"),
    "lfp-pilot-manual.docx": _docx("lfp-pilot-manual-below", header="Pilot line manual P-7"),
    "lfp-process-manual.pdf": _pdf("lfp-process-manual", **_SONG, header="GY-LF26-003 版本 D", footer="三车间工艺组"),
    "lfp-product-spec.pdf": _pdf("lfp-product-spec", **_HAN, header="F26H V3.1", footer="湖川新能源材料有限公司"),
    "lfp-supply-contract.docx": _docx("supply-contract-lfp", header="HX-2026-0417"),
    "lithium-metal-still.eml": _metal_mail,
    "lmfp-scale-up.pptx": lambda: office.pptx(read("lmfp-slides")),
    "nmc-work-instruction.docx": _docx("nmc-recipe", header="WI-118"),
    "precursor-batches.xlsx": _precursor_batches,
    "price-report.csv": _text("price-report", suffix="csv"),
    "run-14.txt": _text("coded-run-sheet"),
    "scanned-run-sheet.pdf": lambda: web.picture_pdf(
        web.page_picture((TEXTS / "scanned-recipe.txt").read_text("utf-8"))
    ),
    "sds-lithium-carbonate.pdf": _pdf("sds-lithium-carbonate", size=9.5, leading=13, footer="Revision 6"),
    "wednesday-papers.eml": _archive_mail,
    "新闻-技术目录调整.txt": _text("news-rule-zh", "gb18030"),
    "氢氧化锂交接班记录.txt": _text("lioh-shift-notes", "gb18030"),
    "环评批复摘要.pdf": _pdf("eia-approval", **_HAN, header="云环审〔2026〕31号"),
    "锂辉石工艺规程.docx": _docx("spodumene-process", header="受控文件"),
    "镓车间小结.docx": _docx("gallium-note"),
}


def main() -> int:
    """Write or check all samples."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare with the committed files, write nothing")
    check: bool = parser.parse_args().check
    pdf.register()
    if pdf.han_font_file() is None:
        print("no embeddable Han font found (apt install fonts-wqy-microhei)", file=sys.stderr)
        return 1
    SAMPLES.mkdir(exist_ok=True)
    differing = []
    for name, build in CATALOGUE.items():
        path, data = SAMPLES / name, build()
        if check and (not path.is_file() or path.read_bytes() != data):
            differing.append(name)
        elif not check:
            path.write_bytes(data)
    for name in differing:
        print(f"{name} differs from what the script makes")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
