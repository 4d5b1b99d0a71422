/* <evenemang-lista src="https://…" category="barn" limit="5" lang="sv">: a list of coming events in any page.
   Shadow DOM, text nodes only, no dependency, no cookie. When the calendar is away the last good list is asked of
   the browser's own cache; without one, what stands inside the element stays. */
const KEYS = ["from", "to", "days", "category", "audience", "place", "organizer", "source", "series", "q", "not", "age",
  "free", "accessible", "time", "layer", "ongoing", "dates", "status", "cancelled", "near", "limit", "lang"];
const WORDS = {
  sv: { EventCancelled: "Inställt", EventPostponed: "Uppskjutet", EventRescheduled: "Ny tid", EventMovedOnline: "Digitalt",
    all: "Hela kalendern", none: "Inga evenemang just nu." },
  en: { EventCancelled: "Cancelled", EventPostponed: "Postponed", EventRescheduled: "New time", EventMovedOnline: "Online",
    all: "The whole calendar", none: "No events just now." },
};
const STYLE = `:host{display:block;font:inherit;color:inherit}ul{list-style:none;margin:0;padding:0}
li{padding:var(--evenemang-gap,.6em) 0;border-bottom:1px solid var(--evenemang-line,color-mix(in srgb,currentColor 25%,transparent))}
a{color:var(--evenemang-link,inherit);font-weight:600}time,[part=place],[part=more]{display:block}
.off [part=title]{text-decoration:line-through}time{color:var(--evenemang-time,inherit)}[part=place]{opacity:.85}[part=state]{font-weight:700;margin-right:.4em}
a:focus-visible{outline:3px solid;outline-offset:2px}`;
const SHOWN = 10, SPARE = 20; // events shown where nobody says; how many more are asked for, since some may be over
const UNTIL = 3 * 36e5, DAY = 24 * 36e5; // how long an event without a stated end lasts
const WAIT = 8000; // milliseconds before the last good list is shown instead

class EvenemangLista extends HTMLElement {
  static observedAttributes = ["src", ...KEYS];

  connectedCallback() {
    this.shadow ??= this.attachShadow({ mode: "open" });
    if (!this.shadow.firstChild) this.shadow.append(document.createElement("slot"));
    this.load();
  }

  attributeChangedCallback() {
    if (this.shadow) this.load();
  }

  async load() {
    const turn = (this.turn = (this.turn ?? 0) + 1);
    const query = new URLSearchParams();
    for (const key of KEYS) {
      const value = this.getAttribute(key);
      if (value === null) continue;
      if (value === "") query.append(key, "1"); // a bare attribute: <evenemang-lista free>
      else if (key === "q" || key === "near") query.append(key, value);
      else value.split(",").forEach((one) => query.append(key, one.trim()));
    }
    const limit = Number(query.get("limit") ?? SHOWN);
    if (limit > 0) query.set("limit", Math.min(limit + SPARE, 500));
    query.sort();
    const base = (this.getAttribute("src") || new URL(import.meta.url).origin).replace(/\/+$/, "");
    const url = `${base}/events.jsonld?${query}`;
    const graph = await this.ask(url, {}).catch(() => this.ask(url, { cache: "force-cache" })).catch(() => null);
    if (graph && turn === this.turn) this.show(graph.filter(coming).slice(0, limit || undefined), base);
  }

  async ask(url, options) {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), WAIT);
    try {
      const answer = await fetch(url, { ...options, credentials: "omit", referrerPolicy: "no-referrer", signal: stop.signal });
      if (!answer.ok) throw new Error(String(answer.status));
      return (await answer.json())["@graph"].filter((node) => node["@type"] === "Event");
    } finally {
      clearTimeout(timer);
    }
  }

  show(events, base) {
    const lang = this.getAttribute("lang") === "en" ? "en" : "sv";
    const words = WORDS[lang];
    const list = make("ul", "list");
    for (const event of events) list.append(this.row(event, words, lang));
    const more = link(lang === "en" ? `${base}/en` : `${base}/`, words.all, "more");
    const sheet = new CSSStyleSheet(); // a constructed sheet works under the host page's own CSP
    sheet.replaceSync(STYLE);
    this.shadow.adoptedStyleSheets = [sheet];
    this.shadow.replaceChildren(events.length ? list : make("p", "empty", words.none), more);
  }

  row(event, words, lang) {
    const row = make("li", "item");
    const status = (event.eventStatus || "").split("/").pop();
    const state = words[status];
    if (status === "EventCancelled") row.classList.add("off"); // the title is struck out, as on our own pages
    if (state) row.append(make("span", "state", state));
    row.append(link(event["@id"], event.name, "title"));
    const time = make("time", "time", when(event, lang));
    time.dateTime = event.startDate;
    row.append(time);
    if (event.location?.name) row.append(make("span", "place", event.location.name));
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

/* A feed holds the whole local day, whatever the hour; what has ended since is left out by the visitor's clock. Only what
   ended within a day: a calendar whose clock is set otherwise, for a demonstration, is shown as it is. */
function coming(event) {
  const [start, end] = [event.startDate, event.endDate || ""];
  if (!start.includes("T")) return true;
  const ago = Date.now() - (end.includes("T") ? Date.parse(end) : Date.parse(start) + UNTIL);
  return !(ago >= 0 && ago < DAY);
}

/* Times are told as the calendar tells them, whatever the visitor's zone: the offset is cut off, not converted. */
function when(event, lang) {
  const [start, end] = [event.startDate, event.endDate || ""].map((text) => text.slice(0, 16));
  const day = (text) => new Intl.DateTimeFormat(lang === "sv" ? "sv-SE" : "en-GB",
    { weekday: "long", day: "numeric", month: "long", timeZone: "UTC" }).format(new Date(`${text.slice(0, 10)}T00:00Z`));
  const clock = (text) => (lang === "sv" ? text.slice(11).replace(":", ".") : text.slice(11));
  const far = end && end.slice(0, 10) !== start.slice(0, 10);
  if (!start.includes("T")) return far ? `${day(start)} – ${day(end)}` : day(start);
  const at = lang === "sv" ? " kl. " : ", ";
  const first = `${day(start)}${at}${clock(start)}`;
  if (!end) return first;
  return far ? `${first} – ${day(end)}${at}${clock(end)}` : `${first}–${clock(end)}`;
}

if (!customElements.get("evenemang-lista")) customElements.define("evenemang-lista", EvenemangLista);
