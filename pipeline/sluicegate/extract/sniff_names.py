"""A file name and a media type in, a remark out when the name promises something else than the content is."""

from __future__ import annotations

_OOXML = "application/vnd.openxmlformats-officedocument."
_FAMILIES: dict[str, tuple[str, ...]] = {
    "pdf": ("application/pdf",),
    "docx docm dotx dotm": (f"{_OOXML}wordprocessingml", "application/vnd.ms-word", "application/x-encrypted-ole"),
    "xlsx xlsm xltx xltm xlsb": (f"{_OOXML}spreadsheetml", "application/vnd.ms-excel.", "application/x-encrypted-ole"),
    "pptx pptm ppsx potx": (f"{_OOXML}presentationml", "application/vnd.ms-powerpoint.", "application/x-encrypted-ole"),
    "doc dot": ("application/msword", "application/rtf"),
    "xls xlt": ("application/vnd.ms-excel",),
    "ppt pps": ("application/vnd.ms-powerpoint",),
    "rtf": ("application/rtf",),
    "odt ods odp odg": ("application/vnd.oasis.opendocument.",),
    "msg": ("application/vnd.ms-outlook",),
    "eml": ("message/rfc822", "multipart/", "text/", "application/mbox"),
    "html htm xhtml": ("text/html", "text/xml", "text/plain"),
    "txt md csv tsv tex log json xml yaml yml toml": ("text/", "application/json", "application/x-ndjson", "message/",
                                                        "application/yaml", "application/toml", "application/mbox"),
    "zip": ("application/zip",),
    "7z": ("application/x-7z-compressed",),
    "rar": ("application/vnd.rar",),
    "gz tgz": ("application/gzip",),
    "tar": ("application/x-tar",),
    "png jpg jpeg gif bmp tif tiff webp": ("image/",),
    "mp3 wav mp4 mov avi mkv": ("audio/", "video/"),
}  # fmt: skip
_EXPECTED = {extension: family for extensions, family in _FAMILIES.items() for extension in extensions.split()}


def extension_of(name: str) -> str:
    """The extension in lower case, without dot; empty when there is none."""
    stem, dot, extension = name.rpartition(".")
    return extension.strip().lower() if dot and stem else ""


def promises_format(name: str) -> bool:
    """Whether the extension names a format of its own, not plain text."""
    family = _EXPECTED.get(extension_of(name))
    return family is not None and not any(media_type.startswith("text/") for media_type in family)


def disagreement(name: str, media_type: str) -> str:
    """One sentence when the extension promises another type than the content has, else an empty string."""
    extension = extension_of(name)
    family = _EXPECTED.get(extension)
    if family is None or media_type.startswith(family):
        return ""
    return f"name says {extension.upper()}, content is {media_type}"
