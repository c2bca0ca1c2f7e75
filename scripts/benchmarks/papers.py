"""Makes the documents of the bench: office PDFs of 10 to 60 pages in English and Chinese, and a workbook.

An ordinary page is dense (about 500 words, or 950 Han characters) with embedded fonts, headings, numbers and names that
differ from page to page; one in ten holds a ruled table, one in twenty mentions the trade. In the mixed papers, one
page in twenty is a recipe with its ruled table.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from pathlib import Path

import pdf
from markup import Block, read

HERE = Path(__file__).parent
_ENGLISH = ("contract-body", "contract-annexes", "hr-policy")
_TRADE = re.compile(r"kiln|mill|dryer|lithium|cathode|slurry|powder|thermal|section|consumption|density", re.I)
_RECIPES = {
    "en": ("contract-annex-j", "purified-liquid", "lfp-pilot-manual-below", "brine-adsorption-report"),
    "zh": ("lfp-process-manual", "spodumene-process", "gallium-note", "patent"),
}
_MENTIONS = {"en": "annual-report", "zh": "eia-approval"}
_SYLLABLES = re.findall(
    r"\w+", "an bar cel dor el fan gri hol is jun kar lem mor nat ol pel quin ros sal tor ul ven wes yor"
)
_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎"
_GIVEN = "伟芳娜敏静丽强磊洋艳勇杰娟涛明超秀霞平刚桂英华玉萍红建文军辉鹏宇浩凯博雅思雨晨欣"


@dataclass(frozen=True, slots=True)
class Papers:
    """The files of one kind, with how many pages they have in all."""

    paths: tuple[Path, ...]
    pages: int


def make(folder: Path, *, pages: dict[str, tuple[int, ...]], mixed: bool) -> Papers:
    """Write one PDF for each number of pages in each language."""
    pdf.register()
    folder.mkdir(parents=True, exist_ok=True)
    paths, total = [], 0
    for language, counts in pages.items():
        for count in counts:
            chance = random.Random(f"{language}-{count}-{mixed}")
            blocks = _paper(language, count, chance, mixed=mixed)
            path = folder / f"{language}-{count}.pdf"
            path.write_bytes(pdf.render(blocks, _look(language)))
            paths.append(path)
            total += _count(path)
    return Papers(tuple(paths), total)


def _look(language: str) -> pdf.Look:
    if language == "en":
        return pdf.Look(
            size=9,
            leading=12.2,
            after=4,
            margin=20,
            justify=True,
            emphasis=7,
            header="Group handbook",
            footer="Internal use",
        )
    font = "Han" if pdf.han_font_file() else "STSong-Light"
    return pdf.Look(font=font, bold=font, size=10.5, leading=15.5, margin=22, header="综合管理手册", footer="内部使用")


def _count(path: Path) -> int:
    import pypdfium2

    with pypdfium2.PdfDocument(path) as document:
        return len(document)


def _paper(language: str, pages: int, chance: random.Random, *, mixed: bool) -> list[Block]:
    sentences = english() if language == "en" else (HERE / "office-zh.txt").read_text("utf-8").splitlines()
    every = 20 if pages >= 20 else pages
    blocks: list[Block] = []
    for page in range(pages):
        if mixed and page % every == every // 2:
            blocks += [*_recipe(language, chance), Block("break")]
            continue
        blocks += [*_page(language, sentences, chance, table=page % 10 == 7), Block("break")]
        if page % 20 == 13:
            mention = chance.choice([b for b in read(_MENTIONS[language]).blocks if b.kind == "paragraph"][1:6])
            blocks.insert(-1, Block("paragraph", mention.text[:200]))
    return blocks[:-1]


def english() -> list[str]:
    texts = [block.text for name in _ENGLISH for block in read(name).blocks if block.kind == "paragraph"]
    found = [part.strip() for text in texts for part in re.split(r"(?<=[.;]) (?=[A-Z])", text)]
    return [part for part in found if 40 < len(part) < 400 and "__" not in part and not _TRADE.search(part)]


def _page(language: str, sentences: list[str], chance: random.Random, *, table: bool) -> list[Block]:
    budget = (3150 if language == "en" else 1150) - (700 if language == "en" else 200) * table
    blocks, joint = [Block("heading", _heading(language, chance), 2)], " " if language == "en" else ""
    while budget > 0:
        chosen = [_varied(sentence, language, chance) for sentence in chance.sample(sentences, chance.randint(3, 5))]
        text = joint.join(chosen)
        blocks.append(Block("paragraph", text))
        budget -= len(text) + 60
    if table:
        blocks.insert(2, _table(language, chance))
    return blocks


def _heading(language: str, chance: random.Random) -> str:
    number = f"{chance.randint(1, 19)}.{chance.randint(1, 9)}"
    return (
        f"{number} {_name('en', chance)} and others"
        if language == "en"
        else f"{number} {_name('zh', chance)}负责的事项"
    )


def _name(language: str, chance: random.Random) -> str:
    if language == "zh":
        return chance.choice(_SURNAMES) + "".join(chance.sample(_GIVEN, chance.randint(1, 2)))
    return " ".join("".join(chance.sample(_SYLLABLES, chance.randint(2, 3))).capitalize() for _ in range(2))


def _varied(sentence: str, language: str, chance: random.Random) -> str:
    """The sentence with other numbers, and now and then a name, a date or a reference."""
    text = re.sub(r"\d", lambda _: str(chance.randint(0, 9)), sentence)
    if chance.random() < 0.25:
        extra = (
            f"{_name(language, chance)}, {chance.randint(1, 28)}.{chance.randint(1, 12)}.{chance.randint(2015, 2026)}"
        )
        text = f"{text} ({extra})" if language == "en" else f"{text[:-1]}（{extra}）。"
    if chance.random() < 0.1:
        reference = f"{chance.choice('ABCDEFGH')}{chance.choice('KLMNPQ')}-{chance.randint(1000, 99999)}"
        text = f"{text} See {reference}." if language == "en" else f"{text}见 {reference}。"
    return text


def _table(language: str, chance: random.Random) -> Block:
    head = ("No.", "Name", "Due", "Amount, EUR") if language == "en" else ("序号", "姓名", "日期", "金额（元）")
    rows = [
        (
            str(n),
            _name(language, chance),
            f"{chance.randint(1, 28)}.{chance.randint(1, 12)}.",
            f"{chance.randint(100, 99999):,}",
        )
        for n in range(1, 11)
    ]
    return Block("table", rows=(head, *rows))


def _recipe(language: str, chance: random.Random) -> list[Block]:
    """One page of a recipe with its ruled table."""
    blocks = [block for block in read(chance.choice(_RECIPES[language])).blocks if block.kind != "break"]
    where = next(index for index, block in enumerate(blocks) if block.kind == "table")
    room = 1900 if language == "en" else 620
    chosen = [blocks[where]]
    before, after = where - 1, where + 1
    while room > 0 and (before >= 0 or after < len(blocks)):
        if before >= 0:
            chosen.insert(0, blocks[before])
            room -= len(blocks[before].text)
            before -= 1
        if after < len(blocks) and room > 0 and blocks[after].kind != "table":
            chosen.append(blocks[after])
            room -= len(blocks[after].text)
        after += 1
    return chosen
