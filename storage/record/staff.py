"""How the staff said they were."""

from handlers import facts as f
from handlers.plain import stamp
from storage.transaction import Tx


def staff_reported(tx: Tx, fact: f.StaffReported) -> None:
    health = fact.health
    key = {"day": health.day.isoformat(), "person": health.person}
    tx.run("UPDATE staff_health SET latest = 0 WHERE day = :day AND person = :person AND latest = 1", **key)
    tx.run(
        """INSERT INTO staff_health (day, person, rev, latest, school, well, temperature, method, afebrile, symptoms,
             action, alarming, at)
           VALUES (:day, :person, :rev, 1, :school, :well, :temperature, :method, :afebrile, :symptoms, :action,
             :alarming, :at)""",
        rev=health.rev,
        school=fact.school,
        well=int(health.well),
        temperature=health.temperature,
        method=health.method,
        afebrile=int(health.afebrile),
        symptoms=" ".join(health.symptoms),
        action=health.action,
        alarming=int(fact.alarming),
        at=stamp(health.at),
        **key,
    )
