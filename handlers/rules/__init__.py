"""Arithmetic without people: each rule a pure function over values."""
