// Compiles patterns: one a line on standard input, flags and hexadecimal UTF-8
// parted by a tab; answers "ok" or why not.
const lines = require("fs").readFileSync(0, "latin1").split("\n");
const out = [];
for (const line of lines.slice(0, -1)) {
  const [flags, text] = line.split("\t");
  try {
    new RegExp(Buffer.from(text, "hex").toString("utf8"), flags);
    out.push("ok");
  } catch (fault) {
    out.push("no " + String(fault.message).replaceAll("\n", " "));
  }
}
console.log(out.join("\n"));
