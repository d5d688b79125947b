"""What can go wrong between a prompt and a usable draft, in one short sentence each.

A failure is told by its kind alone. Nothing of the client's own message is passed on: it may carry the API
key, the credentials of a URL or the server's whole answer.
"""

from __future__ import annotations

import email.utils
import json
import time
from typing import Literal

from replyguide.errors import ModelError

FailureKind = Literal[
    "setup",
    "key",
    "forbidden",
    "not_found",
    "bad_request",
    "rate_limit",
    "timeout",
    "connection",
    "server",
    "refused",
    "empty",
    "too_long",
    "format",
    "language",
    "echo",
    "repeats",
    "resting",
    "budget",
    "ledger",
    "package",
    "cancelled",
    "other",
]

_REASONS: dict[FailureKind, str] = {
    "setup": "模型没有配置好，请检查 REPLYGUIDE_MODEL 和对应的依赖包",
    "key": "模型密钥无效，请检查 OPENAI_API_KEY",
    "forbidden": "模型拒绝访问，请检查账号的权限和余额",
    "not_found": "找不到模型或接口，请检查 REPLYGUIDE_MODEL 和 OPENAI_BASE_URL",
    "bad_request": "模型不接受这个请求，请检查 REPLYGUIDE_MODEL 是不是对话模型",
    "rate_limit": "模型限流，请稍后再试或提高额度",
    "timeout": "模型超时，请稍后再试或调大 REPLYGUIDE_MODEL_TIMEOUT",
    "connection": "模型连接中断，请检查网络和 OPENAI_BASE_URL",
    "server": "模型服务器错误，请稍后再试",
    "refused": "模型服务拦截了这次请求，请由客服自己回复",
    "empty": "模型回复为空，请重试或换一个模型",
    "too_long": "模型回复过长，请重试或换一个模型",
    "format": "模型返回的格式不对，请检查 OPENAI_BASE_URL 是不是 OpenAI 兼容接口",
    "language": "模型没有用买家的语言回复，请重试或换一个模型",
    "echo": "模型照抄了提示词，请重试或换一个模型",
    "repeats": "模型的回复在重复同样的字，请重试或换一个模型",
    "resting": "模型连续失败，暂停使用，约半分钟后自动再试；请检查网络和模型服务",
    "budget": "今天的模型额度用完了，明天零点后恢复，或调大设置",
    "ledger": "模型用量记不下来，请检查数据文件夹能不能写，或去掉每日额度的设置",
    "package": "这种模型需要的软件包没有安装，请运行 pip install",
    "cancelled": "已经取消，没有等模型写完",
    "other": "模型调用失败，请运行 replyguide doctor 查看",
}
_BY_STATUS: dict[int, FailureKind] = {
    401: "key",
    402: "forbidden",
    403: "forbidden",
    404: "not_found",
    408: "timeout",
    429: "rate_limit",
    504: "timeout",
}
_MAY_PASS_STATUS = frozenset({408, 409, 429})
_MAY_PASS_KINDS = frozenset({"timeout", "connection"})


class DraftError(ModelError):
    """The model gave no usable draft, and why: `kind` for machines, the message for people.

    `status` is the HTTP status if there was one; `retry_after` the seconds that the server asked to wait; `setting`
    the setting or package that mends it.
    """

    def __init__(
        self,
        kind: FailureKind,
        *,
        status: int | None = None,
        retry_after: float | None = None,
        setting: str | None = None,
    ) -> None:
        reason, mend = _REASONS[kind].split("，", 1)
        super().__init__(
            f"{reason}{'' if status is None else f'（{status}）'}，{mend}{f' {setting}' if setting else ''}"
        )
        self.kind = kind
        self.status = status
        self.retry_after = retry_after

    @property
    def may_pass(self) -> bool:
        """Tell whether the same request could succeed a moment later."""
        if self.status is None:
            return self.kind in _MAY_PASS_KINDS
        return self.status in _MAY_PASS_STATUS or self.status >= 500

    @property
    def is_the_endpoints(self) -> bool:
        """Tell whether the endpoint itself is in trouble: nothing that this question, key or setting brought about."""
        if self.status is not None:
            return self.status == 429 or self.status >= 500
        return self.kind in _MAY_PASS_KINDS


def failure_of(error: Exception) -> DraftError:
    """Translate what a model client raised.

    Every LangChain provider wraps its own client, so the HTTP status is read from the error where it has
    one, and what broke before an answer came is told by the names of the error's classes, which the clients
    share.
    """
    if isinstance(error, DraftError):
        return error
    status = getattr(error, "status_code", None)
    if isinstance(status, int) and status >= 400:
        return DraftError(_kind_of_status(status), status=status, retry_after=_retry_after(error))
    return DraftError(_kind_of_class(error))


def _kind_of_status(status: int) -> FailureKind:
    return _BY_STATUS.get(status, "server" if status >= 500 or status == 409 else "bad_request")


def _kind_of_class(error: Exception) -> FailureKind:
    names = " ".join(kind.__name__ for kind in type(error).__mro__)
    if isinstance(error, TimeoutError) or "Timeout" in names:
        return "timeout"
    # A key with characters that no HTTP header can carry fails before anything is sent.
    if isinstance(error, UnicodeEncodeError):
        return "key"
    if isinstance(error, ConnectionError) or any(
        part in names for part in ("Connection", "ConnectError", "Protocol", "ReadError", "WriteError", "NetworkError")
    ):
        return "connection"
    if isinstance(error, json.JSONDecodeError | ValueError | KeyError | TypeError | AttributeError | IndexError):
        return "format"
    return "format" if "Validation" in names else "other"


def _retry_after(error: Exception) -> float | None:
    """Read `Retry-After`, seconds or an HTTP date; `None` if it is missing or makes no sense."""
    headers = getattr(getattr(error, "response", None), "headers", None)
    value = None if headers is None else headers.get("retry-after")
    if not isinstance(value, str):
        return None
    try:
        seconds = float(value)
    except ValueError:
        date = email.utils.parsedate_tz(value)
        return None if date is None else max(0.0, email.utils.mktime_tz(date) - time.time())
    return seconds if 0 <= seconds < float("inf") else None
