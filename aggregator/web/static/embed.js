/* <evenemang-lista src="https://…" category="barn" limit="5" lang="sv">: a list of coming events in any page.
   Shadow DOM, text nodes only, no dependency, no cookie. When the calendar is away the last good list is asked of
   the browser's own cache; without one, what stands inside the element stays, or else a link to the calendar.
   What is misspelt in the code is told in the list's place and in the console, for whoever edits the page. */
const KEYS = ["from", "to", "days", "category", "audience", "place", "organizer", "source", "series", "q", "not", "age",
  "free", "accessible", "time", "layer", "ongoing", "dates", "status", "cancelled", "near", "limit", "lang"];
const WORDS = {
  sv: { EventCancelled: "Inställt", EventPostponed: "Uppskjutet", EventRescheduled: "Ny tid", EventMovedOnline: "Digitalt",
    all: "Hela kalendern", none: "Inga evenemang just nu.", apart: "Pågår länge",
    unknown: "Okänt attribut i koden: ", meant: ". Menas ", wrong: "Fel i koden: " },
  en: { EventCancelled: "Cancelled", EventPostponed: "Postponed", EventRescheduled: "New time", EventMovedOnline: "Online",
    all: "The whole calendar", none: "No events just now.", apart: "For a longer time",
    unknown: "Unknown attribute in the code: ", meant: ". Is it ", wrong: "Wrong in the code: " },
};
const STYLE = `:host{display:block;font:inherit;color:inherit}ul{list-style:none;margin:0;padding:0}
li{padding:var(--evenemang-gap,.6em) 0;border-bottom:1px solid var(--evenemang-line,color-mix(in srgb,currentColor 25%,transparent))}
a{color:var(--evenemang-link,inherit);font-weight:600}time,[part=place],[part=more]{display:block}
.off [part=title]{text-decoration:line-through}time{color:var(--evenemang-time,inherit)}[part=place]{opacity:.85}[part=state]{font-weight:700;margin-right:.4em}
[part=apart]{margin:1em 0 0;font-weight:700}[part=hint]{margin:0 0 .6em;padding:.4em .6em;border:2px dashed}
a:focus-visible{outline:3px solid;outline-offset:2px}`;
const SHOWN = 10, SPARE = 20; // events shown where nobody says; how many more are asked for, since some may be over
const UNTIL = 3 * 36e5, DAY = 24 * 36e5; // how long an event without a stated end lasts
const WAIT = 8000, AGAIN = 2000; // milliseconds for the list, and for the last good one that is shown instead
// Attributes that any element may have. One with a hyphen or the like is of a framework, and none of ours.
const COMMON = ["src", "id", "class", "style", "slot", "title", "hidden", "dir", "part", "role", "tabindex", "translate",
  "inert", "is", "nonce", "exportparts"];

class EvenemangLista extends HTMLElement {
  static observedAttributes = ["src", ...KEYS];

  connectedCallback() {
    this.shadow ??= this.attachShadow({ mode: "open" });
    if (!this.shadow.firstChild) this.fill(document.createElement("slot"));
    this.load();
  }

  attributeChangedCallback() {
    if (this.shadow) this.load();
  }

  get words() {
    return WORDS[this.getAttribute("lang") === "en" ? "en" : "sv"];
  }

  async load() {
    const turn = (this.turn = (this.turn ?? 0) + 1);
    const base = (this.getAttribute("src") || new URL(import.meta.url).origin).replace(/\/+$/, "");
    const query = this.query();
    const most = Number(query.get("limit") ?? SHOWN);
    const told = this.misspelt();
    let found = null;
    try {
      found = await this.found(base, query, most);
    } catch (error) {
      if (error.sentence) told.push(this.words.wrong + error.sentence);
    }
    if (turn !== this.turn) return;
    told.forEach((one) => console.warn(`evenemang-lista: ${one}`));
    const hints = told.map((one) => make("p", "hint", one));
    const calendar = link(this.words === WORDS.en ? `${base}/en` : `${base}/`, this.words.all, "more");
    if (found) this.fill(...hints, ...this.lists(found), calendar);
    else this.fill(...hints, this.textContent.trim() || this.children.length ? document.createElement("slot") : calendar);
  }

  query() {
    const query = new URLSearchParams();
    for (const key of KEYS) {
      const value = this.getAttribute(key);
      if (value === null) continue;
      if (value === "") query.append(key, "1"); // a bare attribute: <evenemang-lista free>
      else if (key === "q" || key === "near") query.append(key, value);
      else value.split(",").forEach((one) => query.append(key, one.trim()));
    }
    return query;
  }

  /* What has its day stands first, what runs for long after it, where there is room. */
  async found(base, query, most) {
    const either = !query.has("ongoing") || query.get("ongoing") === "yes";
    const dated = await this.asked(base, query, either ? "no" : query.get("ongoing"), most);
    const left = most - dated.length;
    return [dated, either && left > 0 ? await this.asked(base, query, "only", left) : []];
  }

  async asked(base, query, ongoing, most) {
    const asked = new URLSearchParams(query);
    if (most > 0) asked.set("limit", Math.min(most + SPARE, 500));
    asked.set("ongoing", ongoing);
    asked.sort();
    const url = `${base}/events.jsonld?${asked}`;
    const graph = await this.ask(url, {}, WAIT).catch((error) => {
      if (error.sentence) throw error;
      return this.ask(url, { cache: "force-cache" }, AGAIN);
    });
    return graph.filter(coming).slice(0, most || undefined);
  }

  async ask(url, options, wait) {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), wait);
    try {
      const answer = await fetch(url, { ...options, credentials: "omit", referrerPolicy: "no-referrer", signal: stop.signal });
      if (answer.status === 400) throw Object.assign(new Error("400"), { sentence: (await answer.text()).trim().slice(0, 200) });
      if (!answer.ok) throw new Error(String(answer.status));
      return (await answer.json())["@graph"].filter((node) => node["@type"] === "Event");
    } finally {
      clearTimeout(timer);
    }
  }

  /* A sentence for each attribute that means nothing, with the one that was meant, as far as that can be told. */
  misspelt() {
    const { unknown, meant } = this.words;
    const names = [...this.attributes].map((one) => one.name);
    return names.filter((name) => /^[a-zåäö]+$/.test(name) && !/^on/.test(name) && ![...KEYS, ...COMMON].includes(name)).map((name) => {
      const near = KEYS.filter((key) => apart(key, name) <= 2)[0];
      return `${unknown}${name}${near ? `${meant}${near}?` : `. (${KEYS.join(", ")})`}`;
    });
  }

  lists([dated, runs]) {
    const list = (events) => {
      const made = make("ul", "list");
      made.append(...events.map((event) => this.row(event)));
      return made;
    };
    if (!dated.length && !runs.length) return [make("p", "empty", this.words.none)];
    const after = runs.length ? [make("p", "apart", this.words.apart), list(runs)] : [];
    return [...(dated.length ? [list(dated)] : []), ...after];
  }

  fill(...nodes) {
    const sheet = new CSSStyleSheet(); // a constructed sheet works under the host page's own CSP
    sheet.replaceSync(STYLE);
    this.shadow.adoptedStyleSheets = [sheet];
    this.shadow.replaceChildren(...nodes);
  }

  row(event) {
    const words = this.words;
    const lang = words === WORDS.en ? "en" : "sv";
    const row = make("li", "item");
    const status = (event.eventStatus || "").split("/").pop();
    const state = words[status];
    if (status === "EventCancelled") row.classList.add("off"); // the title is struck out, as on our own pages
    if (state) row.append(make("span", "state", state));
    row.append(tongue(link(event["@id"], event.name, "title"), told(event), lang));
    const time = make("time", "time", when(event, lang));
    time.dateTime = event.startDate;
    row.append(time);
    if (event.location?.name) row.append(tongue(make("span", "place", event.location.name), "sv", lang));
    return row;
  }
}

function make(tag, part, text = "") {
  const node = document.createElement(tag);
  node.setAttribute("part", part);
  node.textContent = text;
  return node;
}

function link(href, text, part) {
  const node = make("a", part, text);
  if (/^https?:\/\//.test(href)) node.href = href;
  return node;
}

/* The language of an event's words: as its source told. "Sagostund på arabiska" is held in Arabic, and told in Swedish. */
function told(event) {
  if (/\bpå (\w+ska|dari)\b/i.test(event.name)) return "sv";
  return event.inLanguage || "sv";
}

function tongue(node, spoken, lang) {
  if (!spoken.toLowerCase().startsWith(lang)) node.lang = spoken;
  return node;
}

/* How many letters have to be changed, added or left out to make one word of another. */
function apart(one, other) {
  let row = [...Array(other.length + 1).keys()];
  for (const [at, letter] of [...one].entries()) {
    row = row.reduce((next, cost, n) => {
      next.push(n ? Math.min(cost + 1, next[n - 1] + 1, row[n - 1] + (letter !== other[n - 1])) : at + 1);
      return next;
    }, []);
  }
  return row[other.length];
}

/* A feed holds the whole local day, whatever the hour; what has ended since is left out by the visitor's clock. Only what
   ended within a day: a calendar whose clock is set otherwise, for a demonstration, is shown as it is. */
function coming(event) {
  const [start, end] = [event.startDate, event.endDate || ""];
  if (!start.includes("T")) return true;
  const ago = Date.now() - (end.includes("T") ? Date.parse(end) : Date.parse(start) + UNTIL);
  return !(ago >= 0 && ago < DAY);
}

/* Times are told as the calendar tells them, whatever the visitor's zone: the offset is cut off, not converted. A year
   that is not this one is told; of two days in one year, with the last. */
function when(event, lang) {
  const [start, end] = [event.startDate, event.endDate || ""].map((text) => text.slice(0, 16));
  const [begins, ends] = [start, end || start].map((text) => text.slice(0, 4));
  const year = begins === ends && begins === String(new Date().getFullYear()) ? {} : { year: "numeric" };
  const day = (text, more = year) => new Intl.DateTimeFormat(lang === "sv" ? "sv-SE" : "en-GB",
    { weekday: "long", day: "numeric", month: "long", timeZone: "UTC", ...more }).format(new Date(`${text.slice(0, 10)}T00:00Z`));
  const clock = (text) => (lang === "sv" ? text.slice(11).replace(":", ".") : text.slice(11));
  const far = end && end.slice(0, 10) !== start.slice(0, 10);
  if (!start.includes("T")) return far ? `${day(start, begins === ends ? {} : year)} – ${day(end)}` : day(start);
  const at = lang === "sv" ? " kl.\u00a0" : ", ";
  const first = `${day(start)}${at}${clock(start)}`;
  if (!end) return first;
  return far ? `${first} – ${day(end)}${at}${clock(end)}` : `${first}–${clock(end)}`;
}

/* A frame of ours on the same page tells how high its list is, and gets that height. */
addEventListener("message", ({ origin, source, data }) => {
  if (origin !== new URL(import.meta.url).origin || data?.type !== "evenemang:height" || !(data.height > 0)) return;
  for (const frame of document.querySelectorAll("iframe")) if (frame.contentWindow === source) frame.height = data.height;
});

if (!customElements.get("evenemang-lista")) customElements.define("evenemang-lista", EvenemangLista);
