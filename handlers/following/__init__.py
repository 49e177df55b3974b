"""追踪: what becomes of a child who is away or has a fever, from the report that lists them until they are back."""
