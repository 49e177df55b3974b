"""How fast it is, held against two peers, the same work with no bot at all, and its own promises."""
