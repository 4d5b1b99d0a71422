// Reads RSS or Atom on standard input with rss-parser; prints title, id, link and event start of each entry as JSON.
import Parser from "rss-parser";
import { readFileSync } from "node:fs";

const parser = new Parser({ customFields: { item: ["ev:startdate", "ev:location", "id"] } });
const feed = await parser.parseString(readFileSync(0, "utf8"));
console.log(JSON.stringify(feed.items.map((item) => ({
  title: item.title, id: item.guid ?? item.id, link: item.link, start: item["ev:startdate"], place: item["ev:location"] ?? "",
}))));
