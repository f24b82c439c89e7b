// Reads questions {pattern, flags, attacks}, one a line, and answers each with
// {growth, slope, units}: how the time of this engine grows on the worst of
// the attacks. Strings are lists of UTF-16 units. A run is stopped after
// limit milliseconds; a pattern gets budget milliseconds.
const vm = require('vm');
const fs = require('fs');
const limit = 1500, budget = 5000, longest = 1 << 17;
const text = units => {
  let s = '';
  for (let i = 0; i < units.length; i += 4096) s += String.fromCharCode(...units.slice(i, i + 4096));
  return s;
};
const build = (a, n) => a.pumps.map(([x, y]) => text(x) + text(y).repeat(n)).join('') + text(a.suffix);

// once is the time of one match in milliseconds, Infinity past the limit.
function once(re, subject) {
  const box = vm.createContext({ re, subject: Buffer.from(subject, 'utf16le').toString('utf16le') });
  const script = new vm.Script('re.lastIndex = 0; re.exec(subject)');
  const start = process.hrtime.bigint();
  try {
    script.runInContext(box, { timeout: limit });
  } catch (e) {
    if (e.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return Infinity;
    throw e;
  }
  return Number(process.hrtime.bigint() - start) / 1e6;
}

// growth follows one attack by doublings until its time stands out.
function growth(re, a, end) {
  const times = [];
  let n = 4, subject = build(a, n);
  for (; subject.length <= longest && Date.now() < end; n *= 2, subject = build(a, n)) {
    let t = once(re, subject);
    if (t < 20) t = Math.min(t, once(re, subject), once(re, subject));
    times.push(t);
    if (t === Infinity || t > 400) break;
  }
  const last = times.length - 1;
  if (last < 2) return { growth: last >= 0 && times[last] === Infinity ? 'superlinear' : 'linear', slope: 99, units: subject.length };
  if (times[last] === Infinity) return { growth: 'superlinear', slope: 99, units: subject.length };
  const slope = Math.log2(times[last] / times[last - 2]) / 2;
  return { growth: times[last] > 2 && slope > 1.4 ? 'superlinear' : 'linear', slope, units: subject.length };
}

for (const line of fs.readFileSync(0, 'utf8').split('\n')) {
  if (!line) continue;
  const q = JSON.parse(line);
  let best = { growth: 'linear', slope: 0, units: 0 };
  try {
    const re = new RegExp(text(q.pattern), q.flags);
    const end = Date.now() + budget;
    for (const a of q.attacks) {
      const g = growth(re, a, end);
      if (g.slope > best.slope || g.growth === 'superlinear') best = g;
      if (best.growth === 'superlinear') break;
    }
  } catch (e) {
    best = { growth: 'error', slope: 0, units: 0 };
  }
  console.log(JSON.stringify(best));
}
