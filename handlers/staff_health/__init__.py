"""教职工健康: the staff say how they are. 校医 and 校长 see who is unwell, all others figures."""
