// Formats CSL-JSON with citeproc-js: node citeproc.cjs items.json style.csl locale.xml > texts.json
const fs = require("fs");
const CSL = require("citeproc");
const [items, style, locale] = process.argv.slice(2).map((path) => fs.readFileSync(path, "utf8"));
const byId = Object.fromEntries(JSON.parse(items).map((item) => [item.id, item]));
const engine = new CSL.Engine({ retrieveLocale: () => locale, retrieveItem: (id) => byId[id] }, style, "en-US", true);
engine.setOutputFormat("text");
engine.updateItems(Object.keys(byId));
const [parameters, entries] = engine.makeBibliography();
const texts = {};
parameters.entry_ids.forEach((ids, index) => { texts[ids[0]] = entries[index].trim(); });
process.stdout.write(JSON.stringify(texts));
