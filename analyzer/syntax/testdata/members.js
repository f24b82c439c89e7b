// Says which characters below a bound one-character patterns match: flags and
// hexadecimal UTF-8 parted by a tab in; ranges out, in hexadecimal.
const bound = Number(process.argv[2]);
const lines = require("fs").readFileSync(0, "latin1").split("\n");
for (const line of lines.slice(0, -1)) {
  const [flags, text] = line.split("\t");
  const re = new RegExp("^(?:" + Buffer.from(text, "hex").toString("utf8") + ")$", flags.replace("m", ""));
  const out = [];
  let low = -1;
  for (let c = 0; c <= bound; c++) {
    const hit = c < bound && !(c >= 0xd800 && c <= 0xdfff) && re.test(String.fromCodePoint(c));
    if (hit && low < 0) low = c;
    if (!hit && low >= 0) {
      out.push(low.toString(16) + "-" + (c - 1).toString(16));
      low = -1;
    }
  }
  console.log(out.join(" "));
}
