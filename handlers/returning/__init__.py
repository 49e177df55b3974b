"""隔离与复课: certificates, the word of 校医, who may not come in, and the table by which it is reckoned."""
