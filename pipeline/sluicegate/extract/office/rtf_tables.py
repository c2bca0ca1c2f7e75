"""The words of RTF that matter for text (Rich Text Format Specification 1.9.1): charsets, characters, destinations."""

from __future__ import annotations

CHARSETS = {
    128: "cp932", 129: "cp949", 130: "johab", 134: "gb18030", 136: "big5hkscs", 161: "cp1253", 162: "cp1254",
    163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250",
    255: "cp437", 77: "mac_roman",
}  # fmt: skip
"""`\\fcharsetN` → codec; 0 and 1 mean the document's own."""
SYMBOL_CHARSET = 2

CHARACTERS = {
    "tab": "\t", "line": "\n", "lbr": "\n", "softline": "\n", "emdash": "—", "endash": "–", "bullet": "•",
    "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "emspace": "\u2003", "enspace": "\u2002",
    "qmspace": "\u2005", "zwj": "", "zwnj": "", "zwbo": "", "zwnbo": "", "ltrmark": "", "rtlmark": "",
}  # fmt: skip
SYMBOLS = {"~": " ", "_": "-", "-": "", "\n": "\r", "\r": "\r", "{": "{", "}": "}", "\\": "\\", "|": "", ":": ""}
"""Control symbols; a carriage return stands for the end of a paragraph."""
BREAKS = frozenset({"par", "sect", "page", "column", "pagebb"})

CHANNELS = {
    "header": "header", "headerl": "header", "headerr": "header", "headerf": "header", "footer": "footer",
    "footerl": "footer", "footerr": "footer", "footerf": "footer", "footnote": "footnote", "annotation": "comment",
    "atnauthor": "comment author", "shptxt": "text box", "dptxbxtext": "text box", "shprslt": "fallback",
    "xe": "index entry", "tc": "contents entry", "ffdeftext": "form field", "ffl": "form field",
    "ffhelptext": "form help", "ffstattext": "form help", "ffentrymcr": "form help", "ffexitmcr": "form help",
    "docvar": "document variable", "sv": "shape property", "sn": "skip", "title": "document properties",
    "subject": "document properties", "author": "document properties", "manager": "document properties",
    "company": "document properties", "operator": "document properties", "category": "document properties",
    "keywords": "document properties", "comment": "document properties", "doccomm": "document properties",
    "hlinkbase": "document properties", "propname": "document properties", "staticval": "document properties",
    "linkval": "document properties", "fldinst": "field code", "datafield": "field data", "template": "template",
    "ftnsep": "skip", "ftnsepc": "skip", "aftnsep": "skip", "aftnsepc": "skip", "mmath": None,
    "xmlattrname": "skip", "xmlattrvalue": "custom XML",
}  # fmt: skip
"""Destinations with text of their own → channel; None reads on as before."""

TRANSPARENT = frozenset({
    "rtf", "fldrslt", "field", "shp", "shpinst", "shppict", "result", "object", "listtext", "pntext", "ud",
    "upr", "sp", "info", "userprops", "formfield", "pntxta", "pntxtb", "do", "dptxbx", "xmlopen", "moMath",
    "mmathPara", "mr", "me", "mnum", "mden", "msup", "msub", "mf", "msSup", "msSub", "msSubSup", "mrad", "mdeg",
    "md", "mnary", "mtd", "bkmkstart", "revised", "deleted", "nesttableprops", "nonesttables", "htmlrtf",
    "mhtmltag", "background", "shpgrp", "atrfstart",
})  # fmt: skip
"""Groups whose text belongs to what surrounds them."""

SILENT = frozenset({
    "colortbl", "stylesheet", "listtable", "listoverridetable", "rsidtbl", "generator", "themedata",
    "colorschememapping", "latentstyles", "xmlnstbl", "filetbl", "revtbl", "blipuid", "picprop", "nonshppict",
    "bkmkend", "bkmkstart", "wgrffmtfilter", "mmathPr", "pgptbl", "pnseclvl", "atnid", "atndate", "atnref",
    "atrfstart", "atrfend", "atnparent", "atntime", "atnicn", "creatim", "revtim", "printim", "buptim",
    "passwordhash", "passtbl", "proptype", "objclass", "objname", "objtime", "falt", "panose", "listpicture",
    "listname", "listlevel", "lsdlockedexcept", "ftnsep", "aftnsep", "fontemb", "fontfile", "fname",
    "factoidname", "protusertbl", "oldcprops", "oldpprops", "oldtprops", "oldsprops", "nonesttables", "mctrlPr",
    "mctrlpr", "mrPr", "mfPr", "mradPr", "msSupPr", "msSubPr", "mnaryPr", "mdPr", "moMathParaPr", "xmlattrns",
    "wptext", "pn",
})  # fmt: skip
"""Destinations that only programs read; prose in them is still found by the sweep over skipped text."""
