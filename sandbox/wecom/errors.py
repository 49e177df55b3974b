"""How WeCom says no: errcode and errmsg, mostly under HTTP 200. Codes: document/path/90313;
where one is from memory, its place says so."""


class WecomError(Exception):
    """Answered to the bot as `{"errcode": …, "errmsg": …}`. Programs match the code; the words have a hint in them
    that differs from call to call."""

    def __init__(self, errcode: int, errmsg: str) -> None:
        super().__init__(f"{errcode} {errmsg}")
        self.errcode = errcode
        self.errmsg = errmsg


class GatewayError(Exception):
    """No answer of WeCom's own: an HTTP status and somebody's HTML."""

    def __init__(self, status: int) -> None:
        super().__init__(f"HTTP {status}")
        self.status = status


def invalid(what: str) -> WecomError:
    return WecomError(40058, f"invalid Request Parameter: {what}")


def not_built(what: str) -> WecomError:
    """WeCom has it, this sandbox does not: said at once, never half done."""
    return WecomError(40058, f"sandbox: {what}")
