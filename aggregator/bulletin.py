# ruff: noqa: E501 - a sentence is one line, so that two languages can be read side by side
"""How a source does, for everyone to read: a word, what is wrong, and what that means for whoever uses the calendar.

One bulletin serves residents, the organizer and staff, in Swedish and English. What to do about it is `remedies`; the
rule of which is the worst is `health`'s. Only known reasons are told: what staff wrote to themselves is not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from aggregator import absence, outages, problems
from aggregator.health import health
from aggregator.model import Problem, Source
from aggregator.quality import HOUR
from aggregator.render import prose
from aggregator.state import Drop, SourceState

# `health`'s word → the public one. What stays away for an answer or two is how every calendar changes.
WORDS: Mapping[str, str] = {"good": "fine", "problems": "degraded", "held": "quarantined"}
TROUBLED = frozenset({"failing", "waiting", "quarantined", "degraded"})  # its organizer can do something about it
_PAUSES = frozenset({"gone", "same-address"})

_SAID: Mapping[str, tuple[str, str]] = {
    # the word
    "fine": ("Fungerar", "Works"),
    "new": ("Inte läst än", "Not read yet"),
    "disabled": ("Avstängd", "Turned off"),
    "paused": ("Pausad", "Paused"),
    "late": ("Väntar på att läsas", "Waits to be read"),
    "degraded": ("Läses med anmärkning", "Read with a remark"),
    "quarantined": ("Väntar på granskning sedan {since}", "Waits for a review since {since}"),
    "failing": ("Går inte att läsa sedan {since}", "Can't be read since {since}"),
    "waiting": ("Evenemang saknas sedan {since}", "Events are missing since {since}"),
    "emptied": ("Tom sedan {since}", "Empty since {since}"),
    # what is wrong
    "why-empty": (
        "Kalendern svarar, men det finns inget kommande i den längre. {count} evenemang som vi har läst tidigare saknas.",
        "The calendar answers, but nothing to come is in it any more. {count} events that we read before are missing.",
    ),
    "why-many": (
        "{count} av kalenderns evenemang saknas i det senaste svaret.",
        "{count} events of the calendar are missing from its newest answer.",
    ),
    "why-late": (
        "Källan har inte lästs sedan {tried}. Det beror på oss, inte på den.",
        "The source has not been read since {tried}. That is our fault, not its.",
    ),
    "why-damaged": (
        "Kalenderfilen är skadad.",
        "The calendar file is damaged.",
    ),
    "why-shifted": (
        "Alla tider flyttades {hours} {way} samtidigt, {when}. Det brukar bero på att kalenderns tidszon är fel inställd.",
        "All times moved {hours} {way} at once, {when}. That is mostly because the calendar's time zone is set wrongly.",
    ),
    "why-clock": (
        "Tiderna ligger {hours} {way} än vad andra berättar om samma evenemang{season}. Det brukar bero på att kalenderns tidszon är fel inställd.",
        "The times are {hours} {way} than others tell of the same events{season}. That is mostly because the calendar's time zone is set wrongly.",
    ),
    "why-renumbered": (
        "Alla evenemang har fått nya nummer (UID), fast de är desamma som förut.",
        "All events have new numbers (UID), although they are the same as before.",
    ),
    "why-keyed": (
        "Kalendern ger sina evenemang nya nummer (UID) varje gång den läses.",
        "The calendar gives its events new numbers (UID) every time it is read.",
    ),
    "why-refused": (
        "{count} evenemang i kalendern går inte att läsa eller visas inte.",
        "{count} events of the calendar can't be read or are not shown.",
    ),
    "why-refused-one": (
        "Ett evenemang i kalendern går inte att läsa eller visas inte.",
        "One event of the calendar can't be read or is not shown.",
    ),
    "why-notes": (
        "Kalendern lästes med {count} anmärkningar.",
        "The calendar was read with {count} remarks.",
    ),
    "why-note": ("Kalendern lästes med en anmärkning.", "The calendar was read with one remark."),
    "why-gone": (
        "Webbplatsen säger att adressen är borttagen för gott.",
        "The site says that the address is gone for good.",
    ),
    "why-same-address": (
        "Adressen leder numera till samma kalender som en annan källa.",
        "The address leads to the same calendar as another source now.",
    ),
    "why-paused": ("Källan är pausad tills vidare.", "The source is paused until further notice."),
    # what it means
    "told-fine": ("Lästes {good}.", "Read {good}."),
    "told-failing": (
        "Det som lästes {good} visas fortfarande. Vi försöker igen {due}.",
        "What was read {good} is shown still. We try again {due}.",
    ),
    "told-never": (
        "Inget har gått att läsa än. Vi försöker igen {due}.",
        "Nothing could be read yet. We try again {due}.",
    ),
    "told-empty": (
        "De visas fortfarande. Är kalendern lika tom {fate} tas de bort. Stämmer det att allt är borta kan kommunen godkänna det direkt.",
        "They are shown still. If the calendar is as empty {fate}, they are removed. If it is right that all is gone, the municipality can approve it at once.",
    ),
    "told-many": (
        "De visas fortfarande. Saknas de även {fate} tas de bort. Stämmer det kan kommunen godkänna det direkt.",
        "They are shown still. If they are missing {fate} too, they are removed. If that is right, the municipality can approve it at once.",
    ),
    "told-quarantined": (
        "Det som godkändes senast visas tills kommunen har tittat på det nya.",
        "What was approved last is shown until the municipality has looked at what is new.",
    ),
    "told-paused": (
        "Det som redan är läst visas till sitt datum. Inget nytt läses så länge.",
        "What was read already is shown until its date. Nothing new is read meanwhile.",
    ),
    "told-late": ("Det som lästes senast visas.", "What was read last is shown."),
    "told-damaged": (
        "Det som gick att läsa visas, och inget tas bort på grund av felet.",
        "What could be read is shown, and nothing is removed because of it.",
    ),
    "told-times": (
        "Vi visar tiderna som källan anger dem. Är du osäker, fråga arrangören.",
        "We show the times as the source tells them. If you are in doubt, ask the organizer.",
    ),
    "told-renumbered": (
        "Vi känner igen dem på rubrik, tid och plats. Inget visas dubbelt, och prenumerationer påverkas inte.",
        "We know them by title, time and place. Nothing is shown twice, and subscriptions don't change.",
    ),
    "told-refused": ("Allt annat visas.", "Everything else is shown."),
    "told-notes": ("Evenemangen visas.", "The events are shown."),
    "today": ("i dag kl. {clock}", "today at {clock}"),
    "yesterday": ("i går kl. {clock}", "yesterday at {clock}"),
    "tomorrow": ("i morgon kl. {clock}", "tomorrow at {clock}"),
    "soon": ("inom kort", "shortly"),
    "hour": ("en timme", "one hour"),
    "hours": ("{count} timmar", "{count} hours"),
    "two": ("två timmar", "two hours"),
    "moved-later": ("framåt", "ahead"),
    "moved-earlier": ("bakåt", "back"),
    "off-later": ("senare", "later"),
    "off-earlier": ("tidigare", "earlier"),
    "winter": (" på vintern", " in winter"),
    "summer": (" på sommaren", " in summer"),
}


# What became of an address at which there was a calendar before: told so, and not as to who pastes one.
_CHANGED: Mapping[str, tuple[str, str]] = {
    "not-found": (
        "Kalendern finns inte längre på sin adress (404). Har den flyttat?",
        "The calendar is no longer at its address (404). Has it moved?",
    ),
    "html-page": (
        "På adressen ligger nu en vanlig webbsida i stället för kalendern. Har kalendern fått en ny adress?",
        "There is an ordinary web page at the address now instead of the calendar. Does the calendar have a new address?",
    ),
    "error-page": (
        "På adressen visas nu webbplatsens felsida i stället för kalendern.",
        "The address shows the site's error page now instead of the calendar.",
    ),
    "login-page": (
        "Adressen leder nu till en inloggning. Kalendern måste vara delad offentligt för att gå att läsa.",
        "The address leads to a login now. The calendar has to be shared publicly to be read.",
    ),
    "empty": (
        "Adressen svarar, men svaret är helt tomt.",
        "The address answers, but the answer is quite empty.",
    ),
}
_FIND, _OPEN = ("find",), ("open",)
# failure → what helps; where nothing is named the site has to be mended by whoever runs it
_MENDED_BY: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("not-found", "gone", "dns", "html-page", "error-page", "not-a-feed", "empty", "no-events"), _FIND),
    **dict.fromkeys(("forbidden", "login-page", "consent-page", "refused-by-site"), _OPEN),
}


@dataclass(frozen=True, slots=True)
class Bulletin:
    """`word` is for programs and styles; the rest is for people. `why` and `told` are whole sentences, or empty."""

    word: str
    headline: str
    why: str
    told: str
    needs: tuple[str, ...] = ()  # what its organizer could mend, the most urgent first: keys of `remedies`

    @property
    def troubled(self) -> bool:
        """Whether its organizer should look."""
        return self.word in TROUBLED


def bulletin(
    source: Source,
    state: SourceState | None,
    now: datetime,
    zone: ZoneInfo,
    language: str,
    clock: Mapping[str, int] = {},
) -> Bulletin:
    """How a source is at `now`. `clock` are the offsets of the statistics (`offsets.by_season`)."""
    return _Teller(source, state or SourceState(id=source.id), now, zone, language, clock).bulletin()


@dataclass(frozen=True, slots=True)
class _Teller:
    source: Source
    state: SourceState
    now: datetime
    zone: ZoneInfo
    language: str
    clock: Mapping[str, int]

    def bulletin(self) -> Bulletin:
        word = self._word()
        headline, why, told = getattr(self, f"_{word}")()
        return Bulletin(word, self.say(headline, since=self._since(word)), why, told, self._needs(word))

    def say(self, key: str, **facts: str) -> str:
        return _SAID[key][self.language == "en"].format(**facts)

    def _word(self) -> str:
        word = health(self.source, self.state, self.now).word
        if word == "waiting" and self.state.drop not in (Drop.MANY, Drop.ALL):
            word = "problems" if self.state.problems or self.state.damaged else "good"
        if word == "good" and (self._off() or self.state.shifted or self.state.churn):
            word = "problems"
        return WORDS.get(word, word)

    def _needs(self, word: str) -> tuple[str, ...]:
        wants = self.state.wants
        if word == "failing":
            return _MENDED_BY.get(self.state.error_code or "", ())
        return (HOUR, *wants) if self._off() or self.state.shifted else wants

    def _fine(self) -> tuple[str, str, str]:
        return "fine", "", self.say("told-fine", good=self._when(self.state.good))

    def _new(self) -> tuple[str, str, str]:
        return "new", "", ""

    def _disabled(self) -> tuple[str, str, str]:
        return "disabled", "", ""

    def _paused(self) -> tuple[str, str, str]:
        why = self.state.paused if self.state.paused in _PAUSES else "paused"
        return "paused", self.say(f"why-{why}"), self.say("told-paused")

    def _late(self) -> tuple[str, str, str]:
        return "late", self.say("why-late", tried=self._when(self.state.tried)), self.say("told-late")

    def _quarantined(self) -> tuple[str, str, str]:
        held = self.state.held
        why = problems.sentence(Problem(held.reason, detail=held.detail), self.language) if held else ""
        return "quarantined", why, self.say("told-quarantined")

    def _failing(self) -> tuple[str, str, str]:
        told = "told-failing" if self.state.good else "told-never"
        facts = {"good": self._when(self.state.good), "due": self._when(self.state.due)}
        return "failing", failure(self.state, self.language), self.say(told, **facts)

    def _waiting(self) -> tuple[str, str, str]:
        count = str(len(self.state.absent))
        fate = self._when(min(a.since for a in self.state.absent) + absence.EVIDENCE[self.state.drop][1])
        if self.state.drop is Drop.ALL:
            return "emptied", self.say("why-empty", count=count), self.say("told-empty", fate=fate)
        return "waiting", self.say("why-many", count=count), self.say("told-many", fate=fate)

    def _degraded(self) -> tuple[str, str, str]:
        state, off = self.state, self._off()
        if state.damaged:
            return "degraded", self._damage(), self.say("told-damaged")
        if state.shifted:
            facts = self._hours(state.shifted.minutes, "moved")
            return (
                "degraded",
                self.say("why-shifted", when=self._when(state.shifted.since), **facts),
                self.say("told-times"),
            )
        if off:
            season, minutes = off
            facts = self._hours(minutes, "off") | {"season": self.say(season) if season else ""}
            return "degraded", self.say("why-clock", **facts), self.say("told-times")
        if state.churn:
            why = "why-keyed" if state.content_keyed else "why-renumbered"
            return "degraded", self.say(why), self.say("told-renumbered")
        refused = sum(problem.refused for problem in state.problems)
        if refused:
            key = "why-refused-one" if refused == 1 else "why-refused"
            return "degraded", self.say(key, count=str(refused)), self.say("told-refused")
        key = "why-note" if len(state.problems) == 1 else "why-notes"
        return "degraded", self.say(key, count=str(len(state.problems))), self.say("told-notes")

    def _damage(self) -> str:
        of_all = (problem for problem in self.state.problems if problem.code.startswith(("damaged", "feed-damaged")))
        first = next(of_all, None)
        return problems.sentence(first, self.language) if first else self.say("why-damaged")

    def _off(self) -> tuple[str, int] | None:
        """The season and the minutes by which its times are off; no season where it is the whole year."""
        found = {name: self.clock.get(f"{self.source.id} {name}", 0) for name in ("winter", "summer")}
        off = {name: minutes for name, minutes in found.items() if minutes}
        if not off:
            return None
        name, minutes = next(iter(off.items()))
        return ("" if len(set(found.values())) == 1 else name), minutes

    def _hours(self, minutes: int, kind: str) -> dict[str, str]:
        count = abs(minutes) // 60
        hours = self.say({1: "hour", 2: "two"}.get(count, "hours"), count=str(count))
        return {"hours": hours, "way": self.say(f"{kind}-{'later' if minutes > 0 else 'earlier'}")}

    def _since(self, word: str) -> str:
        state = self.state
        since = {
            "failing": state.failing_since or state.tried,
            "quarantined": state.held.since if state.held else None,
            "waiting": min((a.since for a in state.absent), default=None),
        }.get(word)
        return self._day(since.astimezone(self.zone).date()) if since else ""

    def _day(self, value: date) -> str:
        return prose.day(value, self.language, year=value.year != self.now.astimezone(self.zone).year)

    def _when(self, moment: datetime | None) -> str:
        """An instant as people say it, next to now."""
        if moment is None or (moment == self.state.due and moment <= self.now):
            return self.say("soon")
        local, today = moment.astimezone(self.zone), self.now.astimezone(self.zone).date()
        name = {-1: "yesterday", 0: "today", 1: "tomorrow"}.get((local.date() - today).days)
        if name:
            return self.say(name, clock=prose.clock(local, self.language))
        return prose.moment(moment, self.zone, self.language)


def failure(state: SourceState, language: str) -> str:
    """Why a source could not be read, in a sentence of the language; empty where it could."""
    code = state.error_code
    if not code:
        return ""
    if state.good and code in _CHANGED:
        return _CHANGED[code][language == "en"]
    known = outages.sentence(code, language)
    if known is None:
        known = problems.sentence(Problem(code), language) if code in problems.SENTENCES else None
    return known or outages.sentence("reader-bug", language) or ""
