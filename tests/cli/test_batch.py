"""`--batch` over a pipe: whoever asks one line at a time gets each answer at once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import replyguide

SOURCE = Path(replyguide.__file__).parent.parent


def test_each_answer_comes_before_the_next_line_is_sent() -> None:
    command = [sys.executable, "-m", "replyguide", "check", "--batch", "-"]
    surroundings = {**os.environ, "PYTHONPATH": str(SOURCE)}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=surroundings) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for reply, verdict in (("亲，发票有的哦", "pass"), ("亲，特价的宝贝开不了发票哦", "block")):
            process.stdin.write(json.dumps({"id": reply, "reply": reply}).encode() + b"\n")
            process.stdin.flush()
            answer = json.loads(process.stdout.readline())  # would wait for ever if the answer were held back
            assert (answer["id"], answer["verdict"]) == (reply, verdict)
        process.stdin.close()
        assert process.wait() == 0
