"""The deterministic rule checker: same reply and context, same verdict, on every machine."""

from __future__ import annotations

from replyguide.checker.checking import Checker, load_checker
from replyguide.checker.finding import CheckResult, Finding, Level, Verdict

__all__ = ["CheckResult", "Checker", "Finding", "Level", "Verdict", "load_checker"]
