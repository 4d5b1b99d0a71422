// Keys for staff: j and k move between items, single keys press what bears them. All of it works without: every key
// stands on a button, a link or a field of the page. Off for whoever says so; kept in this browser alone.
const SETTING = "evenemang-keys";
const line = document.querySelector("[data-keys]");
const switched = line && line.querySelector("[data-toggle]");

const on = () => localStorage.getItem(SETTING) !== "off";

function tell() {
  line.hidden = false;
  switched.textContent = on() ? line.dataset.off : line.dataset.on;
  switched.setAttribute("aria-pressed", String(on()));
  document.documentElement.classList.toggle("keys-off", !on());
}

function items() {
  return [...document.querySelectorAll("[data-item]")].filter((item) => item.offsetParent !== null);
}

function current() {
  return document.activeElement && document.activeElement.closest("[data-item]");
}

function move(step) {
  const all = items();
  if (!all.length) return false;
  const at = all.indexOf(current());
  const next = all[at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + step, 0), all.length - 1)];
  const target = next.matches("a,button") ? next : next.querySelector("a,button,input:not([type=hidden])");
  if (!target) return false;
  target.focus();
  next.scrollIntoView({ block: "nearest" });
  return true;
}

function bearer(key) {
  const all = [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)].filter((one) => one.offsetParent !== null);
  const here = current();
  return all.find((one) => here && here.contains(one)) || all.find((one) => !one.closest("[data-item]")) || all[0];
}

function press(one) {
  if (one.matches("input,textarea,select")) one.focus();
  else if (one.matches("summary")) {
    one.click();
    const field = one.parentElement.querySelector("textarea,select,input:not([type=hidden])");
    if (field && one.parentElement.open) field.focus();
  } else one.click();
}

document.addEventListener("keydown", (event) => {
  if (!on() || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const typing = event.target.closest("input:not([type=checkbox],[type=radio]),textarea,select,[contenteditable]");
  if (event.key === "Escape" && typing) return typing.blur();
  if (typing || event.repeat || event.key.length !== 1) return;
  const key = event.key.toLowerCase();
  if ((key === "j" || key === "k") && move(key === "j" ? 1 : -1)) return event.preventDefault();
  const one = bearer(key);
  if (one) {
    event.preventDefault();
    press(one);
  }
});

if (line) {
  switched.addEventListener("click", () => {
    localStorage.setItem(SETTING, on() ? "off" : "on");
    tell();
  });
  tell();
}
