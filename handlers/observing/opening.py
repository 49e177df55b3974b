"""An observation opens by itself: of who has been out of town, by rule `observation.when`, for `observation.days`."""

from collections.abc import Iterable
from datetime import date, timedelta

from handlers.facts import ObservationOpened
from handlers.ids import new_id
from handlers.model import Observation, Sure, Trip, Update
from handlers.rulebook import Rules
from handlers.scene import Scene
from handlers.values import replace


def of_trips(scene: Scene, trips: Iterable[Trip], by: str) -> tuple[ObservationOpened, ...]:
    """What a holiday report declares: who is away is observed from the day of return on."""
    found = []
    for trip in trips:
        known = next((one for one in scene.observed if one.pupil == trip.pupil and one.how is None), None)
        if trip.away:
            opened = open_one(scene.update, scene.rules, known, _of_trip(scene, trip, by), trip.until)
        else:
            opened = _is_back(scene, known) if known is not None else None
        if opened is not None:
            found.append(opened)
    return tuple(found)


def _of_trip(scene: Scene, trip: Trip, by: str) -> Observation:
    return Observation(
        id="",  # given when it is opened
        school=scene.view.school.id,
        class_id=scene.view.klass.id,
        pupil=trip.pupil,
        seat=scene.seat(trip.pupil),
        person=None,
        since=None,
        until=None,
        left=None,
        destination=trip.destination,
        risk=trip.risk,
        contact=trip.contact,
        declared_by=by,
        declared_on=scene.update.today,
    )


def _is_back(scene: Scene, known: Observation) -> ObservationOpened | None:
    """Earlier than was declared, or on a day that nobody had known."""
    if known.since is not None and known.since <= scene.day:
        return None
    return ObservationOpened(_from(scene.rules, known, scene.day), scene.update.at)


def open_one(
    update: Update, rules: Rules, known: Observation | None, new: Observation, returned: date | None
) -> ObservationOpened | None:
    """None where the rule asks for none. `known`: the one that is open; it is stated anew."""
    if rules.observed_when == "risk" and new.risk is Sure.NO and new.contact is not Sure.YES:
        return None
    id = known.id if known else new_id(update.seed, "observation", new.pupil or new.person or "")
    one = replace(_again(known, new) if known else new, id=id)
    return ObservationOpened(_from(rules, one, returned), update.at)


def _again(known: Observation, new: Observation) -> Observation:
    """Away once more before the first is released: they are barred all the while, and a risk of either counts."""
    begun = known.left or known.since
    left = min(begun, new.left) if begun and new.left else None
    risk = Sure.YES if Sure.YES in (known.risk, new.risk) else new.risk
    contact = Sure.YES if Sure.YES in (known.contact, new.contact) else new.contact
    return replace(new, left=left, risk=risk, contact=contact)


def _from(rules: Rules, one: Observation, returned: date | None) -> Observation:
    """The day of return is the first."""
    until = returned + timedelta(days=rules.observation_days - 1) if returned else None
    return replace(one, since=returned, until=until)
