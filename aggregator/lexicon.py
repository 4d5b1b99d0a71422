"""The words that rules know: kinds of events, stop phrases, editions, roles, rooms. A value; it reads no disk.

The entries live in `lexicons/*.yaml`, written for editors; `matching.load` reads them once. All matching is on
folded words (`phrases.words`), so an entry may be written with its marks and capitals.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from aggregator.phrases import WORDS, Phrases, stem, words

SUFFIX_LENGTH = 5  # "konsert" counts at the end of "kyrkokonsert"; a shorter word would be found everywhere
TYPO_LENGTH = 6  # from six letters on one slip of the keys is forgiven
COMPOUND = "skrov"  # any beginning of a compound: a noun alone is stemmed less than at the end of one
INFLECTIONS = (
    *("ernas", "arnas", "erna", "arna", "orna", "ens", "ets", "ers"),
    *("en", "et", "er", "ar", "or", "na", "s", "n", "t", "a", "e"),
)


@dataclass(frozen=True, slots=True)
class Kind:
    """A sort of event.

    `wider` are the kinds that it is a case of, itself included; `audience` is whom it is for anyway, `role` what it
    is beside another event. A `frame` holds many events within it. Of the cases of `one` an event is one only.
    """

    name: str
    wider: frozenset[str]
    attended: bool = False
    span: bool = False
    audience: str = ""
    role: str = ""
    frame: bool = False
    one: bool = False


@dataclass(frozen=True)
class Lexicon:
    """All lexicons together. Equal files give equal values."""

    kinds: Mapping[str, Kind] = field(default_factory=dict)
    kind_phrases: Phrases = field(default_factory=Phrases)
    stops: Phrases = field(default_factory=Phrases)
    hosts: Phrases = field(default_factory=Phrases)  # behind who invites
    status: Phrases = field(default_factory=Phrases)
    editions: Phrases = field(default_factory=Phrases)  # value: "dimension:value"
    roles: Phrases = field(default_factory=Phrases)
    rooms: Phrases = field(default_factory=Phrases)
    generic: frozenset[str] = frozenset()
    filler: frozenset[str] = frozenset()
    occasions: frozenset[str] = frozenset()  # nouns that a kind may stand before in one word
    frames: tuple[str, ...] = ()  # nouns of what holds many events within it
    no_frames: frozenset[str] = frozenset()  # stems that end like one of them and hold nothing
    within: frozenset[str] = frozenset()  # prepositions before such a noun
    sellers: frozenset[str] = frozenset()
    organizer_filler: frozenset[str] = frozenset()
    houses: Phrases = field(default_factory=Phrases)  # nouns of houses ("biblioteket") and what sort they are
    house_words: frozenset[str] = frozenset()  # the stems of those nouns, and of others that say what sort a place is
    memo: dict[Hashable, object] = field(default_factory=dict, init=False, repr=False, compare=False)  # see `titles`
    frame_stems: tuple[str, ...] = field(init=False, repr=False, compare=False)
    _single: dict[str, str] = field(init=False, repr=False, compare=False)
    _typos: dict[str, str] = field(init=False, repr=False, compare=False)
    _named: Callable[[str], str | None] = field(init=False, repr=False, compare=False)
    _ended: Callable[[str], str | None] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        single = {phrase[0]: kind for phrase, kind in sorted(self.kind_phrases.entries) if len(phrase) == 1}
        typos = {slip: kind for word, kind in single.items() if len(word) >= TYPO_LENGTH for slip in _slips(word)}
        ends = (stem(f"{COMPOUND}{frame}").removeprefix(COMPOUND) for frame in self.frames)
        object.__setattr__(self, "frame_stems", tuple(ends))
        object.__setattr__(self, "_single", single)
        object.__setattr__(self, "_typos", typos)
        object.__setattr__(self, "_named", lru_cache(maxsize=WORDS)(self._find_kind))
        object.__setattr__(self, "_ended", lru_cache(maxsize=WORDS)(self._find_within))

    def kind_of(self, token: str) -> str | None:
        """The kind that a single word names: itself, inflected or with one slip of the keys."""
        return self._named(token)

    def kind_within(self, token: str) -> str | None:
        """The kind that a compound ends in; its beginning still names something ("socialnämnden")."""
        return self._ended(token)

    def _find_kind(self, token: str) -> str | None:
        found = self._single.get(token)
        if found or len(token) < SUFFIX_LENGTH:
            return found
        if stem := next((stem for stem in _stems(token) if stem in self._single), None):
            return self._single[stem]
        if found := next((self._single[head] for head in self._heads(token) if head in self._single), None):
            return found
        slips = _slips(token) if len(token) >= TYPO_LENGTH else []
        return next((self._typos[slip] for slip in slips if slip in self._typos), None)

    def _heads(self, token: str) -> Iterator[str]:
        """What stands before an occasion in a compound, with and without the s that joins them."""
        for ending in sorted(noun for noun in self.occasions if token.endswith(noun)):
            head = token[: -len(ending)]
            yield from (head, head.removesuffix("s"))

    def _find_within(self, token: str) -> str | None:
        if any(token.endswith(noun) for noun in self.occasions):  # an afternoon ("eftermiddag") is no dinner
            return None
        ends = (stem[cut:] for stem in _stems(token) for cut in range(1, len(stem) - SUFFIX_LENGTH + 1))
        return next((self._single[end] for end in ends if end in self._single), None)


def build(files: Mapping[str, Mapping[str, Any]]) -> Lexicon:
    """The lexicon out of the parsed files, by file stem: kinds, titles, places, organizers."""
    titles, kinds = files["titles"], files["kinds"]
    return Lexicon(
        kinds={name: _kind(kinds, name) for name in kinds},
        kind_phrases=_phrases((name, kind["words"]) for name, kind in kinds.items()),
        stops=_phrases([("stop", titles["stop"]), ("ticket", titles["ticket"])]),
        hosts=_phrases([("host", titles["hosts"])]),
        status=_phrases(titles["status"].items()),
        editions=_phrases(
            (f"{dim}:{name}", told) for dim, names in titles["edition"].items() for name, told in names.items()
        ),
        roles=_phrases(titles["role"].items()),
        rooms=_phrases((" ".join(words(room)), [room]) for room in files["places"]["rooms"]),
        generic=_words(titles["generic"]),
        filler=_words(titles["filler"]),
        occasions=_words(titles["occasions"]),
        frames=tuple(sorted(_words(titles["frames"]))),
        no_frames=frozenset(stem(word) for word in _words(titles["no_frames"])),
        within=_words(titles["within"]),
        sellers=_words(files["organizers"]["sellers"]),
        organizer_filler=_words(files["organizers"]["filler"]),
        houses=_phrases([*files["places"]["kinds"].items(), *_short(files["places"])]),
        house_words=_stems_of(files["places"]),
    )


def _kind(kinds: Mapping[str, Mapping[str, Any]], name: str) -> Kind:
    told = kinds[name]
    span = bool(told.get("span"))
    return Kind(
        name=name,
        wider=_wider(kinds, name),
        attended=bool(told.get("attended")),
        span=span,
        audience=told.get("audience", ""),
        role=told.get("role", ""),
        frame=told.get("frame", span),
        one=bool(told.get("one")),
    )


def _wider(kinds: Mapping[str, Mapping[str, Any]], name: str | None) -> frozenset[str]:
    chain: list[str] = []
    while name is not None and name not in chain:
        chain.append(name)
        name = kinds[name].get("in")
    return frozenset(chain)


def _phrases(groups: Iterable[tuple[str, Iterable[str]]]) -> Phrases:
    entries = ((words(str(told)), value) for value, all_told in groups for told in all_told)
    return Phrases(frozenset((phrase, value) for phrase, value in entries if phrase))


def _short(places: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """Abbreviations of a house's noun, as further nouns of that sort."""
    for sort, nouns in places["kinds"].items():
        short = [abbreviation for abbreviation, noun in places["short"].items() if noun in nouns]
        if short:
            yield sort, short


def _stems_of(places: Mapping[str, Any]) -> frozenset[str]:
    told = [*places["sorts"], *(noun for nouns in places["kinds"].values() for noun in nouns)]
    return frozenset(stem(word) for word in _words(told))


def _words(told: Iterable[str]) -> frozenset[str]:
    return frozenset(word for entry in told for word in words(str(entry)))


def _stems(token: str) -> Iterator[str]:
    """The token, and the token without each ending it may carry."""
    yield token
    for ending in INFLECTIONS:
        if token.endswith(ending) and len(token) - len(ending) >= SUFFIX_LENGTH:
            yield token[: -len(ending)]


def _slips(word: str) -> list[str]:
    """The word without each of its letters: two words that share one are a slip of the keys apart."""
    return [word, *(word[:at] + word[at + 1 :] for at in range(len(word)))]


def rivals(left: frozenset[str], right: frozenset[str], kinds: Mapping[str, Kind]) -> bool:
    """Whether both name a case of one kind of which an event is one only: a match is of football or of handball."""
    narrow_left, narrow_right = (
        {
            kind: kinds[kind].wider - {kind}
            for kind in told
            if not any(kind in kinds[other].wider - {other} for other in told)
        }
        for told in (left, right)
    )
    own_left, own_right = (
        [wider for kind, wider in one.items() if kind not in other]
        for one, other in ((narrow_left, narrow_right), (narrow_right, narrow_left))
    )
    return any(kinds[wide].one for x in own_left for y in own_right for wide in x & y)
