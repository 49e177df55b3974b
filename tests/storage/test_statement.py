"""Words, quotes and comments of SQL."""

import pytest

from storage.statement import for_psycopg, reworded, statements


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("SELECT :a, :a, :b_2", "SELECT %(a)s, %(a)s, %(b_2)s"),
        ("SELECT :a::text", "SELECT %(a)s::text"),
        ("SELECT n % 2 FROM t WHERE n = :n", "SELECT n %% 2 FROM t WHERE n = %(n)s"),
        ("SELECT ':a 50%', \":b\" WHERE x = :c", "SELECT ':a 50%%', \":b\" WHERE x = %(c)s"),
        ("SELECT 'it''s :a', :b", "SELECT 'it''s :a', %(b)s"),
        ("SELECT 1 -- it's :a\n, :b", "SELECT 1 -- it's :a\n, %(b)s"),
        ("SELECT 1 /* it's\n:a */ + :b", "SELECT 1 /* it's\n:a */ + %(b)s"),
        ("SELECT '07:30', 'x:' || :y", "SELECT '07:30', 'x:' || %(y)s"),
    ],
)
def test_names_are_rewritten_outside_quotes_comments_and_casts(written: str, sent: str) -> None:
    assert for_psycopg(written).decode() == sent


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("CREATE TABLE t (raw BLOB, blobs TEXT)", "CREATE TABLE t (raw BYTEA, blobs TEXT)"),
        ("n TEXT DEFAULT 'BLOB', \"BLOB\" BLOB -- a BLOB", "n TEXT DEFAULT 'BLOB', \"BLOB\" BYTEA -- a BLOB"),
    ],
)
def test_a_word_is_replaced_where_it_stands_alone(written: str, sent: str) -> None:
    assert reworded(written, {"BLOB": "BYTEA"}) == sent


def test_a_script_is_divided_at_its_own_semicolons_only() -> None:
    script = """
    -- first; a comment's own
    CREATE TABLE a (n TEXT, -- it's; here
        m TEXT DEFAULT ';');
    ; -- nothing

    INSERT INTO a (n) VALUES ('x;
    y'); SELECT 1 -- the last needs none
    """
    assert list(statements(script)) == [
        "-- first; a comment's own\n    CREATE TABLE a (n TEXT, -- it's; here\n        m TEXT DEFAULT ';')",
        "-- nothing\n\n    INSERT INTO a (n) VALUES ('x;\n    y')",
        "SELECT 1 -- the last needs none",
    ]


def test_a_script_of_comments_has_no_statement() -> None:
    assert list(statements("-- nothing yet; really\n/* ; */")) == []
