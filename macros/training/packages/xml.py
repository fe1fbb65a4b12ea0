"""XML documents, written the same way every time."""

from __future__ import annotations

from xml.etree import ElementTree


def add(parent: ElementTree.Element, tag: str, text: str = "", **attributes: str) -> ElementTree.Element:
    """Add an element.

    Args:
        parent: the element that it stands in.
        tag: its name.
        text: its text.
        **attributes: its attributes; `__` in a name stands for the colon behind a prefix.
    """
    element = ElementTree.SubElement(parent, tag, {name.replace("__", ":"): one for name, one in attributes.items()})
    element.text = text or None
    return element


def document(root: ElementTree.Element) -> bytes:
    """Write a document.

    Args:
        root: its outermost element.
    """
    ElementTree.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ElementTree.tostring(root, encoding="unicode")}\n'.encode()
