"""Fuzzes the checker with atheris: no crash, spans inside the reply, the same verdict twice, disguises undone.

Run `python tools/fuzz_checker.py -max_total_time=60` (any option of libFuzzer), with a folder as the last argument to
keep what was found between runs. The first byte of an input chooses what is tried; the rest is text and context.
"""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["replyguide"]):
    from replyguide.checker import CheckResult, load_checker
    from replyguide.checker.proof.disguising import DISGUISES
    from replyguide.checker.proof.proving import MUST_BE_UNDONE
    from replyguide.checker.rules.packs import Example, example_context
    from replyguide.context import Context

_LONGEST = 400  # characters of a text: longer ones only slow the search down
_CHECKER = load_checker()
_BLOCKED = [example for rule in _CHECKER.packs.rules for example in rule.spec.examples.block]
_WORDS = sorted(word for words in _CHECKER.packs.lexicon.entries.values() for word in words)


def try_one(data: bytes) -> None:
    """Try one input; an exception is a finding of the fuzzer."""
    source = atheris.FuzzedDataProvider(data)
    if source.ConsumeIntInRange(0, 3) == 0:
        _try_disguised(source)
    else:
        _try_any(source)


def _try_any(source: atheris.FuzzedDataProvider) -> None:
    reply = _text(source)
    context = Context.model_validate(
        {
            "question": _text(source),
            "history": [{"role": "agent", "text": _text(source)}],
            "buyer_verified": source.ConsumeBool(),
            "shop": {"free_shipping": "all", "cod": source.ConsumeBool(), "couriers": [_text(source)]},
            "product": {"material": _text(source), "gifts": [_text(source)], "price_yuan": 99},
        }
    )
    result = _CHECKER.check(reply, context)
    _require_sound(result, reply)
    if _CHECKER.check(reply, context) != result:
        raise AssertionError(f"two verdicts on {reply!r}")


def _try_disguised(source: atheris.FuzzedDataProvider) -> None:
    example: Example = _BLOCKED[source.ConsumeIntInRange(0, len(_BLOCKED) - 1)]
    reply = DISGUISES[MUST_BE_UNDONE[source.ConsumeIntInRange(0, len(MUST_BE_UNDONE) - 1)]](example.unmarked())
    result = _CHECKER.check(reply, example_context(example))
    _require_sound(result, reply)
    if result.verdict != "block":
        raise AssertionError(f"a disguise made a block pass: {reply!r}")


def _text(source: atheris.FuzzedDataProvider) -> str:
    """Return raw characters (lone surrogates too), with words of the lexicon between them."""
    pieces: list[str] = []
    while source.remaining_bytes() and sum(map(len, pieces)) < _LONGEST:
        choice = source.ConsumeIntInRange(0, 3)
        if choice == 0:
            break
        if choice == 1:
            pieces.append(source.ConsumeUnicode(source.ConsumeIntInRange(0, 8)))
        else:
            pieces.append(_WORDS[source.ConsumeIntInRange(0, len(_WORDS) - 1)])
    return "".join(pieces)


def _require_sound(result: CheckResult, reply: str) -> None:
    for finding in result.findings:
        inside = 0 <= finding.start < finding.end <= len(reply)
        if not inside or finding.matched != reply[finding.start : finding.end]:
            raise AssertionError(f"{finding.rule}: span {finding.start}:{finding.end} of {reply!r}")


if __name__ == "__main__":
    atheris.Setup(sys.argv, try_one)
    atheris.Fuzz()
