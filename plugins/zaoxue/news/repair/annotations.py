"""Pinyin notes after characters, 業(yè) or 街(jie)(jie): dropped where they are the sound of the character before.

`(化名)`, `(TCL)` and a note that is not the sound of its character stay.
"""

from __future__ import annotations

import re

from zaoxue.news.repair.edits import Edit, substitute
from zaoxue.news.repair.sounds import LETTERS, is_sound_of

_NOTE = re.compile(rf"[(（]([{LETTERS}]{{1,6}})[)）]")
_NOTED = re.compile(rf"([\u3400-\u9fff])((?:[(（][{LETTERS}]{{1,6}}[)）])+)")


def drop_annotations(text: str, log: list[Edit]) -> str:
    """`text` without the pinyin notes that fit their character."""

    def mend(match: re.Match[str]) -> str:
        notes = match[2]
        for note in _NOTE.finditer(match[2]):
            if not is_sound_of(note[1], match[1]):
                break
            notes = notes[len(note[0]) :]
        return match[1] + notes

    return substitute("pinyin_annotation", _NOTED, text, mend, log)
