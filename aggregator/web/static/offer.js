/* While an event is being typed: what is in the calendar already at that time. The page works without it.
   Text nodes only; asks our own host for public events; keeps nothing. */
const form = document.querySelector("form[data-live]");
const place = document.getElementById("traffar");
const FIELDS = ["rubrik", "dag", "fran", "plats", "malgrupp", "kategori"];
const WAIT = 500; // milliseconds after the last key
let timer = 0;
let asked = "";

function typed() {
  const query = new URLSearchParams();
  for (const name of FIELDS) {
    const field = form.querySelector(`[name="${name}"]`);
    if (field && field.value) query.set(name, field.value);
  }
  return query;
}

async function look() {
  const query = typed();
  if (!query.has("dag") || !(query.has("rubrik") || query.has("plats"))) return show({ same: [], clash: [] });
  const wanted = query.toString();
  if (wanted === asked) return;
  asked = wanted;
  try {
    const answer = await fetch(`${form.dataset.live}?${wanted}`, { credentials: "omit" });
    if (answer.ok && wanted === asked) show(await answer.json());
  } catch {
    asked = ""; // away for a moment; the next key asks again
  }
}

function show(found) {
  const parts = [];
  for (const kind of ["same", "clash"]) {
    if (!found[kind].length) continue;
    const box = make("section", "note");
    const list = make("ul");
    for (const one of found[kind]) {
      const row = make("li");
      const link = make("a", "", one.title);
      link.href = one.url;
      link.target = "_blank";
      row.append(link, `, ${one.when}${one.place ? `, ${one.place}` : ""}`);
      list.append(row);
    }
    box.append(make("h2", "", form.dataset[kind]), list);
    parts.push(box);
  }
  place.replaceChildren(...parts);
}

function make(tag, name = "", text = "") {
  const node = document.createElement(tag);
  if (name) node.className = name;
  node.textContent = text;
  return node;
}

if (form && place) {
  document.getElementById("plats")?.setAttribute("list", "kanda-platser");
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, WAIT);
  });
}
