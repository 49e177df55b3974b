"""长假, 送教上门: who is not in 应到, until when. Listed (listing), set and ended (keeping), as typed (saying)."""

from handlers.leave.keeping import leave, may_keep, returned, set_leave

__all__ = ["leave", "may_keep", "returned", "set_leave"]
