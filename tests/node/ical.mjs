// Reads a calendar on standard input with ical.js; prints each event as JSON: UID, SUMMARY, LOCATION, local start and end.
import ICAL from "ical.js";
import { readFileSync } from "node:fs";

const calendar = new ICAL.Component(ICAL.parse(readFileSync(0, "utf8")));
for (const zone of calendar.getAllSubcomponents("vtimezone")) {
  const made = new ICAL.Timezone(zone);
  ICAL.TimezoneService.register(made, made.tzid);
}
const utc = (time) => (time ? (time.isDate ? time.toString() : time.toUnixTime()) : null);
const events = calendar.getAllSubcomponents("vevent").map((component) => {
  const event = new ICAL.Event(component);
  return {
    uid: event.uid,
    summary: event.summary,
    location: event.location ?? "",
    start: utc(event.startDate),
    end: component.hasProperty("dtend") ? utc(event.endDate) : null,
  };
});
console.log(JSON.stringify(events));
