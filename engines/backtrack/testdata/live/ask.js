// Answers one line for each pattern: "!" when it is refused, else the captures
// in each subject, "-" for no match, between semicolons.
const lines = require('fs').readFileSync(0, 'utf8').split('\n');
const subjects = JSON.parse(lines[0]);
const out = [];
for (const line of lines.slice(1)) {
  if (line === '') continue;
  const q = JSON.parse(line);
  let re;
  try {
    re = new RegExp(q.text, q.flags.replace('y', '') + 'd' + (q.mode === 'match' ? 'y' : ''));
  } catch (e) {
    out.push('!' + e.message);
    continue;
  }
  out.push(subjects.map((s) => {
    re.lastIndex = 0;
    const m = re.exec(s);
    return m ? m.indices.map((p) => (p ? p[0] + ' ' + p[1] : '-1 -1')).join(' ') : '-';
  }).join(';'));
}
process.stdout.write(out.join('\n') + '\n');
