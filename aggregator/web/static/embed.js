/* <evenemang-lista src="https://…" category="barn" limit="5" lang="sv">: a list of coming events in any page.
   Shadow DOM, text nodes only, no dependency, no cookie. When the calendar is away the last good list is asked of
   the browser's own cache; without one, what stands inside the element stays, or else a link to the calendar.
   Visitors never meet a mistake in the code: the calendar reads what it can of it, and says in the console, to
   whoever edits the page, what it left out (/embed.json). */
const KEYS = ["from", "to", "days", "category", "audience", "place", "organizer", "source", "series", "q", "not", "age",
  "free", "accessible", "time", "layer", "ongoing", "dates", "status", "cancelled", "near", "limit", "lang"];
const WORDS = {
  sv: { EventCancelled: "Inställt", EventPostponed: "Uppskjutet", EventRescheduled: "Ny tid", EventMovedOnline: "Digitalt",
    all: "Hela kalendern", none: "Inga evenemang just nu.", apart: "Pågår länge",
    src: "src: ska börja med https:// och vara kalenderns adress", status: "svarade med fel",
    away: ["src: kalendern på ", " ", ". Är adressen rätt? Säger sidans säkerhetspolicy (CSP) nej, behöver den connect-src "],
    gone: "gick inte att nå", slow: "svarade inte i tid" },
  en: { EventCancelled: "Cancelled", EventPostponed: "Postponed", EventRescheduled: "New time", EventMovedOnline: "Online",
    all: "The whole calendar", none: "No events just now.", apart: "For a longer time",
    src: "src: must begin with https:// and be the calendar's address", status: "answered with error",
    away: ["src: the calendar at ", " ", ". Is the address right? If the page's policy (CSP) refuses it, it needs connect-src "],
    gone: "could not be reached", slow: "did not answer in time" },
};
const STYLE = `:host{display:block;font:inherit;color:inherit}ul{list-style:none;margin:0;padding:0}
li{padding:var(--evenemang-gap,.6em) 0;border-bottom:1px solid var(--evenemang-line,color-mix(in srgb,currentColor 25%,transparent))}
a{color:var(--evenemang-link,inherit);font-weight:600}time,[part=place],[part=more]{display:block}
.off [part=title]{text-decoration:line-through}time{color:var(--evenemang-time,inherit)}[part=place]{opacity:.85}[part=state]{font-weight:700;margin-right:.4em}
[part=apart]{margin:1em 0 0;font-weight:700}
a:focus-visible{outline:3px solid;outline-offset:2px}`;
const SHOWN = 10, MOST = 500, SPARE = 20; // events shown where nobody says; how many more are asked for, since some may be over
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
    const told = [];
    const base = this.base(told);
    const found = await this.read(base, told).catch((error) => {
      const { away, gone, slow, status } = this.words;
      const why = error.status ? `${status} ${error.status}` : error.name === "AbortError" ? slow : gone;
      told.push(away[0] + base + away[1] + why + away[2] + new URL(base).origin);
      return null;
    });
    if (turn !== this.turn) return;
    told.forEach((one) => console.warn(`evenemang-lista: ${one}`));
    const calendar = link(this.words === WORDS.en ? `${base}/en` : `${base}/`, this.words.all, "more");
    if (found) this.fill(...this.lists(found), calendar);
    else this.fill(this.textContent.trim() || this.children.length ? document.createElement("slot") : calendar);
  }

  base(told) {
    const given = this.getAttribute("src");
    const whole = given && /^https?:\/\/[^/]/.test(given) && URL.canParse(given);
    if (given && !whole) told.push(this.words.src);
    return (whole ? given : new URL(import.meta.url).origin).replace(/[?#].*|\/+$/g, "");
  }

  /* The lists. Only where the code looks wrong, or nothing was found, is the calendar asked what the code means. */
  async read(base, told) {
    let query = this.query();
    const check = async () => {
      const { query: meant, wrong } = await this.ask(`${base}/embed.json?${query}`, {}, WAIT);
      told.push(...wrong);
      return new URLSearchParams(meant);
    };
    const odd = this.odd();
    for (const name of odd) query.append(name, this.getAttribute(name));
    const most = query.get("limit") ?? SHOWN;
    const doubtful = odd.length || !(most > 0 && most <= MOST);
    if (doubtful) query = await check();
    let found = null;
    try {
      found = await this.found(base, query);
    } catch (error) {
      if (error.status !== 400 || doubtful) throw error;
      query = await check();
      return this.found(base, query);
    }
    if (!doubtful && !found.flat().length) await check().catch(() => {});
    return found;
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
  async found(base, query) {
    const most = Number(query.get("limit") ?? SHOWN);
    const either = !query.has("ongoing") || query.get("ongoing") === "yes";
    const dated = await this.asked(base, query, either ? "no" : query.get("ongoing"), most);
    const left = most - dated.length;
    return [dated, either && left > 0 ? await this.asked(base, query, "only", left) : []];
  }

  async asked(base, query, ongoing, most) {
    const asked = new URLSearchParams(query);
    asked.set("limit", Math.min(most + SPARE, MOST));
    asked.set("ongoing", ongoing);
    asked.sort();
    const url = `${base}/events.jsonld?${asked}`;
    const answer = await this.ask(url, {}, WAIT).catch((error) => {
      if (error.status === 400) throw error;
      return this.ask(url, { cache: "force-cache" }, AGAIN).catch(() => { throw error; });
    });
    return answer["@graph"].filter((node) => node["@type"] === "Event").filter(coming).slice(0, most);
  }

  async ask(url, options, wait) {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), wait);
    try {
      const answer = await fetch(url, { ...options, credentials: "omit", referrerPolicy: "no-referrer", signal: stop.signal });
      if (!answer.ok) throw Object.assign(new Error(), { status: answer.status });
      return await answer.json();
    } finally {
      clearTimeout(timer);
    }
  }

  /* Attributes that are neither of the filter nor of HTML or a framework. */
  odd() {
    const names = [...this.attributes].map((one) => one.name);
    return names.filter((name) => /^[a-zåäö]+$/.test(name) && !/^on/.test(name) && ![...KEYS, ...COMMON].includes(name));
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
