"""The tones in which an approved reply can be reworded."""

from __future__ import annotations

from typing import Final, Literal

Tone = Literal["warm", "brief", "formal", "soothing"]

#: What each tone asks of the wording, as the prompt says it.
TONES: Final[dict[Tone, str]] = {
    "warm": "更亲切热情，像熟悉的店员说话",
    "brief": "更简短，去掉客套，只留开头称呼、结论和结尾一句礼貌话",
    "formal": "更正式稳重，用“您好”开头，不用语气词和表情",
    "soothing": "先安抚对方的情绪，表示理解和歉意，再给出同样的答复",
}
