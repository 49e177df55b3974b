"""How the Bot API says no: code, description, sometimes parameters."""

from collections.abc import Mapping


class ApiError(Exception):
    """Answered to the bot as `{"ok": false, "error_code": …, "description": …}`."""

    def __init__(self, code: int, description: str, parameters: Mapping[str, int] | None = None) -> None:
        super().__init__(f"{code} {description}")
        self.code = code
        self.description = description
        self.parameters = dict(parameters or {})


def bad_request(reason: str) -> ApiError:
    """Telegram's server lowers the first letter of a sentence, but of no CONSTANT_NAME."""
    if len(reason) > 1 and not (reason[1] == "_" or reason[1].isupper()):
        reason = reason[0].lower() + reason[1:]
    return ApiError(400, f"Bad Request: {reason}")


def forbidden(reason: str) -> ApiError:
    return ApiError(403, f"Forbidden: {reason}")


def conflict(reason: str) -> ApiError:
    return ApiError(409, f"Conflict: {reason}")


def too_many(retry_after: int) -> ApiError:
    return ApiError(429, f"Too Many Requests: retry after {retry_after}", {"retry_after": retry_after})


def not_built(what: str) -> ApiError:
    """Telegram has it, this sandbox does not: said at once, never half done."""
    return ApiError(400, f"Bad Request: sandbox: {what}")
