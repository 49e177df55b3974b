"""What holds for the district, dated: rules, calendar, and when it could not be heard."""

from handlers import facts as f
from handlers.plain import stamp
from storage.record.lane import Cause
from storage.transaction import Tx


def rules(tx: Tx, fact: f.RulesSet, cause: Cause) -> None:
    tx.many(
        """INSERT INTO rule (key, valid_from, value, source, set_by)
           VALUES (:key, :valid_from, :value, :source, :set_by)
           ON CONFLICT (key, valid_from) DO UPDATE
           SET value = excluded.value, source = excluded.source, set_by = excluded.set_by""",
        [
            {
                "key": rule.key,
                "valid_from": rule.valid_from.isoformat(),
                "value": rule.value,
                "source": rule.source,
                "set_by": cause.actor,
            }
            for rule in fact.rules
        ],
    )


def calendar(tx: Tx, fact: f.CalendarSet) -> None:
    tx.many(
        """INSERT INTO calendar (day, scope, school_day, name, source)
           VALUES (:day, :scope, :school_day, :name, :source)
           ON CONFLICT (day, scope) DO UPDATE
           SET school_day = excluded.school_day, name = excluded.name, source = excluded.source""",
        [
            {
                "day": day.day.isoformat(),
                "scope": day.scope,
                "school_day": int(day.school_day),
                "name": day.name,
                "source": day.source,
            }
            for day in fact.days
        ],
    )


def outage(tx: Tx, fact: f.Outage) -> None:
    tx.run(
        """INSERT INTO outage (channel, began, ended) VALUES (:channel, :began, :ended)
           ON CONFLICT (channel, began) DO UPDATE SET ended = excluded.ended""",
        channel=fact.channel,
        began=stamp(fact.began),
        ended=stamp(fact.ended),
    )
