"""医学观察: who was out of town is declared, observed at home for some days, and released by a person."""
