"""Text that fell out of step by one byte, put back.

Some hosts edit GBK text as bytes. Two edits fire across characters:

* full-width signs are replaced by ASCII (A3BF -> 3F). In 。看 = A1A3 BFB4 the bytes A3BF belong to two characters;
  what stays is A1 3F B4 ..., so everything after it is read one byte out of step: `??吹`.
* a pinyin note is put after every 內 (83C8). In 們日 = 8283 C8D5 that is inside two characters: `們?nèi)兆`.

The slip ends at the first ASCII byte: a second byte below 80 (`o` of 護 = D76F), which then shows as a letter, or
any other ASCII character, before which half a character is lost and shows as `?`. So the bytes are known but for
that half, and the text can be restored exactly. A run is changed only if what comes out reads better than what was
there, measured by the share of everyday characters (GB 2312 level 1), so that `真的?!` in clean text stays.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from zaoxue.news.repair.edits import LOST, Edit
from zaoxue.news.repair.script import to_simplified
from zaoxue.news.repair.sounds import LETTERS, is_sound_of
from zaoxue.news.repair.words import only_word

_SIGNS = {s: ord(a) + 0x80 for s, a in zip("!?;:,()！？；：，（）", "!?;:,()!?;:,()", strict=True)}
_SIGN_WIDE = dict(zip("!?;:,()", "！？；：，（）", strict=True))
_RARE_SIGNS = set("〔〕〈〉「」『』〖〗±×÷∶∧∨∑∏∪∩∈∷√⊥∥∠⌒⊙∫∮≡≌≈∽∝≠≮≯≤≥∞∵∴♂♀°′″℃＄¤￠￡‰§№☆★○●◎◇◆□■△▲※→←↑↓〓")
_SLIP = re.compile(r"\?[!?;:,()！？；：，（）]")
_NOTE_SLIP = re.compile(rf"(?<=[\u3400-\u9fff])\?\(?([{LETTERS}]{{1,6}})\)")
_NOTED = re.compile(rf"([\u3400-\u9fff])\(([{LETTERS}]{{1,6}})\)")
_LAST_HALF = re.compile(r"[@-~]")
_NOTE_AFTER = re.compile(rf"\??\(?([{LETTERS}]{{1,6}})\)")
_LONGEST = 120  # characters; a sentence sign comes long before
# A lead byte that shows as `?` is 。 (A1) unless it and the next character make one of these words.
_WORDS = ("模化", "模块", "模糊", "海口", "海滨", "保护", "保会", "剩汉")


@dataclass(frozen=True)
class _Run:
    """What was read up to `end`; `noted` if a pinyin note ended the slip."""

    text: str
    end: int
    noted: bool = False


@cache
def _everyday(character: str) -> bool:
    if character in "，。、；：？！“”‘’（）《》—…·％,.;:?!()%" or character.isascii():
        return True
    try:
        code = to_simplified(character).encode("gb2312")
    except UnicodeEncodeError:
        return False
    return len(code) == 2 and 0xB0 <= code[0] <= 0xD7


def _share(text: str) -> float:
    return sum(map(_everyday, text)) / len(text) if text else 0.0


def _share_of_han(text: str) -> float:
    # The `?`, the sign and the letter of a slip are strange where they stand, whatever they are elsewhere.
    return sum(_everyday(c) for c in text if not c.isascii()) / len(text)


@cache
def _pair(character: str) -> bytes | None:
    """The two GBK bytes of a character; the user-defined area (private use) included."""
    try:
        code = character.encode("gb18030")
    except UnicodeEncodeError:
        return None
    return code if len(code) == 2 else None


def _decode(code: bytes) -> str | None:
    try:
        return code.decode("gb18030")
    except UnicodeDecodeError:
        return None


def _restore(text: str, start: int, head: bytes) -> _Run | None:
    """Read on from `start` with the bytes `head` before it, until the slip ends."""
    code = bytearray(head)
    at = start
    while at < len(text) and at - start < _LONGEST:
        pair = _pair(text[at])
        if text[at] in "!;:,！；：，" and len(code) % 2:
            # A second slip inside the first: here the sign stands for A3 and the next lead byte (模化 again).
            pair = bytes([0xA3, _SIGNS[text[at]]])
        elif pair is None:
            break
        code += pair
        at += 1
    if at >= len(text):
        return None
    if _LAST_HALF.match(text[at]) and len(code) % 2:
        code.append(ord(text[at]))
        restored = _decode(bytes(code))
        return _Run(restored, at + 1) if restored else None
    if text[at] == "?" and len(code) % 2:
        restored = _decode(bytes(code[:-1]))
        if restored is None:
            return None
        # A note after the lost half says the sound of the character, often enough to know it.
        note = _NOTE_AFTER.match(text, at)
        if note:
            return _Run(restored + _by_sound(code[-1], note[1]), note.end(), True)
        return _Run(restored + LOST, at + 1)
    return None


def _by_sound(lead: int, sound: str) -> str:
    """The only everyday character with this lead byte and sound; U+FFFD if there are several, or none."""
    found = [
        c
        for trail in range(0x40, 0xFF)
        if (c := _decode(bytes([lead, trail]))) and len(c) == 1 and is_sound_of(sound, c) and _everyday(c)
    ]
    return found[0] if len(found) == 1 else LOST


def _leads(text: str, start: int, sign: int, following: str) -> list[int]:
    first = bytes([sign]) + (_pair(following) or b"\x00")[:1]
    character = _decode(first)
    words = [w for w in _WORDS if character and w[1] == to_simplified(character)]
    return [*((_pair(w[0]) or b"\xa1")[0] for w in words), 0xA1]


def _better(restored: str, damaged: str, noted: bool) -> bool:
    body = restored.rstrip(LOST)
    if noted and not body:
        return True
    if body.isascii() or any(c in _RARE_SIGNS for c in body):
        return False
    share = _share(body)
    return share >= 0.8 and share > _share_of_han(damaged) and not any("\ue000" <= c <= "\uf8ff" for c in body)


def undo_slips(text: str, log: list[Edit]) -> str:
    """`text` with both kinds of slips put back; a lost half character becomes U+FFFD."""
    if "?" not in text:
        return text
    # A host that replaces signs as bytes replaces all of them: a sign that is still there in full width was not.
    noted = frozenset(m[1] for m in _NOTED.finditer(text) if is_sound_of(m[2], m[1]))
    signs = {s for s in _SIGNS if not (s.isascii() and _SIGN_WIDE[s] in text)}
    out: list[str] = []
    done = 0
    for found in re.finditer(r"\?", text):
        at = found.start()
        if at < done:
            continue
        mended = _undo_note(text, at, noted) or _undo_sign(text, at, signs, noted)
        if mended is None:
            continue
        step, run = mended
        log.append(Edit(step, at, text[at : run.end], run.text))
        out += [text[done:at], run.text]
        done = run.end
    return "".join(out) + text[done:]


def _undo_sign(text: str, at: int, signs: set[str], noted: frozenset[str]) -> tuple[str, _Run] | None:
    if not _SLIP.match(text, at) or at + 2 >= len(text) or text[at + 1] not in signs:
        return None
    sign = _SIGNS[text[at + 1]]
    word = _noted_word(text, at, sign) or _word_without_middle(text, at, sign)
    if word:
        return "byte_shift_after_punctuation", word
    for lead in _leads(text, at, sign, text[at + 2]):
        run = _restore(text, at + 2, bytes([lead, 0xA3, sign]))
        if run and (_better(run.text[1:], text[at : run.end], run.noted) or (noted and run.text == "。" + LOST)):
            return "byte_shift_after_punctuation", run
    return None


def _noted_word(text: str, at: int, sign: int) -> _Run | None:
    """規?;?huà) is 規模化: the note stands right after the second character of one of the words."""
    note = _NOTE_AFTER.match(text, at + 2)
    if note and text[at + 2] == "?":
        for word in _WORDS:
            if (_pair(word[1]) or b"\x00")[0] == sign and is_sound_of(note[1], word[1]):
                return _Run(word, note.end(), True)
    return None


def _word_without_middle(text: str, at: int, sign: int) -> _Run | None:
    """規?;l(fā) is 規模化發: of 化 and 發 a private-use character was made, and lost on the way.

    The letter is the second byte of 發, and the note says its sound: taken if only one everyday character fits.
    """
    if sign != 0xBB or not re.search(rf"[規规](?:\([{LETTERS}]+\))?$", text[max(0, at - 8) : at]):
        return None
    tail = re.compile(rf"([@-~])\(([{LETTERS}]{{1,6}})\)").match(text, at + 2)
    if not tail:
        return None
    fits = {
        c
        for lead in range(0x81, 0xFF)
        if (c := _decode(bytes([lead, ord(tail[1])]))) and len(c) == 1 and is_sound_of(tail[2], c) and _everyday(c)
    }
    return _Run(f"模化{fits.pop()}", tail.end(), True) if len(fits) == 1 else None


def _undo_note(text: str, at: int, noted: frozenset[str]) -> tuple[str, _Run] | None:
    note = _NOTE_SLIP.match(text, at)
    before = _pair(text[at - 1]) if at else None
    if not note or before is None:
        return None
    runs: dict[str, dict[str, _Run]] = {"noted": {}, "new": {}}
    for trail in range(0x40, 0xFF):
        sounded = _decode(bytes([before[1], trail]))
        if sounded and len(sounded) == 1 and is_sound_of(note[1], sounded):
            run = _restore(text, note.end(), bytes([trail]))
            if run and _better(run.text, text[at : run.end], run.noted):
                # A host notes a character wherever it stands: one that stands without a note is not the one.
                if sounded in noted:
                    runs["noted"][run.text] = run
                elif sounded not in text:
                    runs["new"][run.text] = run
    found = runs["noted"] or runs["new"]
    if len(found) == 1:
        return "pinyin_across_two_characters", found.popitem()[1]
    if not found:
        return None
    # The readings differ in the first character alone: the one that makes a word, or a mark.
    run = next(iter(found.values()))
    rest = run.text[1:]
    first = only_word(
        [r[0] for r in found if r[0] != LOST], text[max(0, at - 3) : at], (rest + text[run.end : run.end + 3])[:3]
    )
    step = "pinyin_across_two_characters" if first else "unmended"
    return step, _Run((first or LOST) + rest, run.end)
