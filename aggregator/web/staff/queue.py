"""`/staff/ko` and `/staff/rapporter`: what people sent in, the longest waiting first, and what is done with each.

What may be done is `moderation`'s word. Who decides names the version that was shown: what changed meanwhile is shown
beside it, and nothing that was typed is lost (F25).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from starlette.responses import Response

from aggregator.errors import Overtaken
from aggregator.model import (
    Letter,
    Mistake,
    OfferedEvent,
    OfferedSource,
    Person,
    Standing,
    Submission,
    SubmissionKind,
)
from aggregator.moderation import Action, Actor, possible
from aggregator.store.submissions import Deed
from aggregator.web.forms import Form
from aggregator.web.post import written
from aggregator.web.respond import in_thread
from aggregator.web.staff import facts, looking
from aggregator.web.staff.clerk import NOTE, Clerk, missing, work
from aggregator.web.words import TABLES, say

QUEUE, REPORTS = "/staff/ko", "/staff/rapporter"
OFFERS, MISTAKES = (SubmissionKind.SOURCE, SubmissionKind.EVENT), (SubmissionKind.REPORT,)
VIEWS: Mapping[str, tuple[Standing, ...]] = {
    "waiting": (Standing.WAITING,),
    "asked": (Standing.ASKED,),
    "done": (Standing.APPROVED, Standing.REJECTED, Standing.WITHDRAWN, Standing.SETTLED),
}
REASONS = ("private", "far", "sale", "course", "party", "twice", "unclear", "empty")  # sentences ready to be sent
_DOES = (Action.APPROVE, Action.SETTLE, Action.REJECT, Action.ASK, Action.WITHDRAW, Action.REOPEN)
_NOTED = (Action.REJECT, Action.ASK)  # never without a word
_KEYS = {Action.APPROVE: "a", Action.SETTLE: "a", Action.REJECT: "r", Action.ASK: "f", Action.WITHDRAW: "w"}
_KEYS[Action.REOPEN] = "o"
_LETTERS = {Action.APPROVE: "approved", Action.REJECT: "rejected", Action.ASK: "asked-back"}
_SHOWN = 20_000  # letters of what was shown, as the form carries it


async def offers(clerk: Clerk) -> Response:
    """The queue."""
    return await _listing(clerk, QUEUE, OFFERS)


async def reports(clerk: Clerk) -> Response:
    """What readers say is wrong."""
    return await _listing(clerk, REPORTS, MISTAKES)


async def _listing(clerk: Clerk, path: str, kinds: tuple[SubmissionKind, ...]) -> Response:
    view = clerk.request.query_params.get("visa", "")
    view = view if view in VIEWS else "waiting"
    found: list[Submission] = await in_thread(clerk.store.submissions.queue, VIEWS[view], kinds)
    views = [(name, clerk.url(path) + f"?visa={name}", name == view) for name in VIEWS if _fits(name, kinds)]
    told = {"path": path, "rows": [_line(one, path, clerk) for one in found], "views": views, "view": view}
    return clerk.page("queue.html", told)


def _fits(view: str, kinds: tuple[SubmissionKind, ...]) -> bool:
    return view != "asked" or kinds is not MISTAKES


async def show(clerk: Clerk) -> Response:
    """One of them; the log names both kinds alike, so the other one's address leads on."""
    found = await _asked(clerk)
    here = clerk.request.url.path.removeprefix("/en")
    if not here.startswith(f"{_path(found.kind)}/"):
        return clerk.next(f"{_path(found.kind)}/{found.id}")
    return await _item(clerk, found, Form())


async def act(clerk: Clerk, form: Form) -> Response:
    """Decide, or look at what an address gives."""
    found = await _asked(clerk)
    if form.text("do", 20) == "look":
        return await _item(clerk, found, form, look=True)
    action = next((one for one in _DOES if one.value == form.text("do", 20)), None)
    if action is None:
        raise missing()
    if form.number("version") != found.version:
        return await _item(clerk, found, form, late=True)
    person = await _person(found, clerk)
    note = _note(form, person.language if person else clerk.language)
    if action in _NOTED and not note:
        form.refuse("note", "queue-no-word")
    if form.refused:
        return await _item(clerk, found, form)
    return await _done(clerk, found, form, action, note, person)


async def _done(
    clerk: Clerk, found: Submission, form: Form, action: Action, note: str, person: Person | None
) -> Response:
    letters = tuple(_letters(found, action, note, person, clerk))
    after = await _after(clerk, found)
    deed = Deed(
        id=found.id,
        version=found.version,
        action=action,
        actor=Actor.STAFF,
        by=clerk.by,
        now=clerk.now,
        note=note,
        letters=letters,
    )
    try:
        done: Submission = await in_thread(clerk.store.submissions.act, deed, clerk.office.kit.config)
    except Overtaken:
        return await _item(clerk, await _asked(clerk), form, late=True)
    touched = done.source if action in (Action.APPROVE, Action.WITHDRAW, Action.REOPEN) else None
    if touched is not None:
        await clerk.office_changed()
    path = _path(found.kind)
    undo = f"submission:{found.id}" if Action.REOPEN in possible(done.kind, done.state, Actor.STAFF) else ""
    onward = clerk.next(f"{path}/{after}" if after else path, f"queue-{action.value}", undo)
    return clerk.bringing(touched, onward)


async def _asked(clerk: Clerk) -> Submission:
    """The submission of the address; what was not confirmed is nobody's business yet."""
    found: Submission | None = await in_thread(clerk.store.submissions.get, clerk.request.path_params["id"])
    if found is None or found.state is Standing.UNCONFIRMED:
        raise missing()
    return found


async def _after(clerk: Clerk, found: Submission) -> str | None:
    """The next that waits, the longest waiting first."""
    kinds = MISTAKES if found.kind in MISTAKES else OFFERS
    waiting: Sequence[Submission] = await in_thread(
        lambda: clerk.store.submissions.queue(VIEWS["waiting"], kinds, limit=2)
    )
    return next((one.id for one in waiting if one.id != found.id), None)


def _path(kind: SubmissionKind) -> str:
    return REPORTS if kind in MISTAKES else QUEUE


async def _person(found: Submission, clerk: Clerk) -> Person | None:
    return await in_thread(clerk.store.people.person, found.person) if found.person else None


def _note(form: Form, language: str) -> str:
    """A sentence that stands ready, in the language of whoever reads it, and staff's own words."""
    reason = form.text("reason", 20)
    ready = say(language if language in TABLES else "sv", f"reason-{reason}") if reason in REASONS else ""
    return "\n\n".join(part for part in (ready, form.text("note", NOTE, lines=True)) if part)


def _letters(found: Submission, action: Action, note: str, person: Person | None, clerk: Clerk) -> Sequence[Letter]:
    """What is mailed with the decision; a report is answered only if somebody wrote an answer."""
    if person is None:
        return ()
    kind, path = _LETTERS.get(action), "/min-sida"
    if isinstance(found.body, Mistake):
        kind = "answer-to-report" if note and action in (Action.SETTLE, Action.REJECT) else None
        path = f"/evenemang/{found.body.event}"
    if kind is None:
        return ()
    key = f"{kind}:{found.id}:{found.version}"
    told = {"title": title(found, clerk), "note": note}
    return (written(clerk.site, kind, key=key, to=person.email, language=person.language, path=path, **told),)


def title(found: Submission, clerk: Clerk) -> str:
    """What a submission is called."""
    body = found.body
    if isinstance(body, OfferedSource):
        return body.name or body.address
    return body.title if isinstance(body, OfferedEvent) else clerk.t("report-of")


def _line(found: Submission, path: str, clerk: Clerk) -> dict[str, Any]:
    body = found.body
    return {
        "id": found.id,
        "kind": clerk.t(f"kind-{found.kind.value}"),
        "title": title(found, clerk),
        "more": body.text[:200] if isinstance(body, Mistake) else "",
        "link": facts.link(body.address, clerk) if isinstance(body, OfferedSource) else None,
        "when": facts.offered(body, clerk).get("when", "").split("\n")[0] if isinstance(body, OfferedEvent) else "",
        "state": clerk.t(f"stage-{found.state.value}"),
        "since": clerk.moment(found.changed if found.state is not Standing.WAITING else found.created),
        "path": clerk.url(f"{path}/{found.id}"),
    }


async def _item(clerk: Clerk, found: Submission, form: Form, *, look: bool = False, late: bool = False) -> Response:
    """The page of a submission. `late`: somebody was faster, and what differs from what was shown is marked."""
    rows = await _facts(found, clerk)
    person = await _person(found, clerk)
    actions = [a for a in _DOES if a in possible(found.kind, found.state, Actor.STAFF)]
    told = {
        "id": found.id,
        "path": _path(found.kind),
        "title": title(found, clerk),
        "kind": clerk.t(f"kind-{found.kind.value}"),
        "state": clerk.t(f"stage-{found.state.value}"),
        "since": clerk.moment(found.created),
        "version": found.version,
        "rows": rows,
        "shown": json.dumps([[row["label"], row["text"]] for row in rows], ensure_ascii=False),
        "was": _was(form, rows) if late else {},
        "late": await _late(found, clerk) if late else "",
        "person": person,
        "person_role": clerk.t(f"role-{person.role.value}") if person else "",
        "note": found.note,
        "actions": [
            {"do": a.value, "key": _KEYS[a], "noted": a in _NOTED, "word": _word(found, a, clerk)} for a in actions
        ],
        "reasons": [(name, clerk.t(f"reason-{name}")) for name in REASONS],
        "lookable": isinstance(found.body, OfferedSource),
        "look": await looking.looked(found, clerk, anew=look),
    }
    return clerk.page("item.html", told, form=form, status=409 if late else None)


def _word(found: Submission, action: Action, clerk: Clerk) -> str:
    plain = f"do-{action.value}"
    own = f"{plain}-{found.kind.value}"
    return clerk.t(own if own in TABLES["sv"] else plain)


async def _facts(found: Submission, clerk: Clerk) -> list[dict[str, Any]]:
    """What it says, field by field, with the links and hosts in sight."""
    body = found.body
    if isinstance(body, OfferedSource):
        told = {"address": body.address, "name": body.name, "role": clerk.t(f"role-{body.role.value}")}
        told |= {"organizer": body.organizer or "", "note": body.note}
    elif isinstance(body, OfferedEvent):
        told = {**facts.offered(body, clerk), "note": body.note}
    else:
        event = await in_thread(clerk.store.event, body.event)
        told = {"text": body.text, "event": f"{clerk.site.base}/evenemang/{body.event}"}
        told |= {"title": event.content.title} if event else {}
    links = {"address", "url", "event"}
    return [
        {
            "label": clerk.t(f"queue-field-{name}" if name in _OWN else f"field-{name}"),
            "text": text,
            "link": facts.link(text, clerk) if name in links else None,
            "staff": clerk.url(f"/staff/evenemang/{body.event}")
            if name == "event" and isinstance(body, Mistake)
            else "",
        }
        for name, text in told.items()
        if text
    ]


_OWN = frozenset({"address", "name", "role", "note", "text", "event"})


def _was(form: Form, rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """What was shown when it was decided, where it is another now; the form brought it along."""
    try:
        shown = {str(label): str(text) for label, text in json.loads(form.text("shown", _SHOWN, lines=True))}
    except (ValueError, TypeError):
        return {}
    now = {row["label"]: row["text"] for row in rows}
    return {label: text for label, text in shown.items() if now.get(label) != text}


async def _late(found: Submission, clerk: Clerk) -> str:
    """Who was faster, and what became of it."""
    lines = await in_thread(lambda: clerk.store.audit.newest(1, subject=f"submission:{found.id}"))
    names = await clerk.names()
    who = names.get(lines[0].by, clerk.t("queue-sender")) if lines else ""
    return clerk.t("queue-late", who=who, state=clerk.t(f"stage-{found.state.value}"))


ROUTES = [
    *work(QUEUE, offers),
    *work(QUEUE + "/{id:str}", show, act),
    *work(REPORTS, reports),
    *work(REPORTS + "/{id:str}", show, act),
]
