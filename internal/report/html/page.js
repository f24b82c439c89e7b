"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const rows = data.rows;
  const byId = (id) => document.getElementById(id);

  // el makes an element. Text from patterns only ever becomes text nodes.
  const el = (tag, attrs, ...children) => {
    const e = document.createElement(tag);
    for (const [k, v] of Object.entries(attrs || {})) {
      if (typeof v === "function") e.addEventListener(k, v);
      else if (v !== null && v !== undefined) e.setAttribute(k, v);
    }
    e.append(...children.filter((c) => c !== null && c !== undefined));
    return e;
  };
  const svg = (tag, attrs, ...children) => {
    const e = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [k, v] of Object.entries(attrs || {})) e.setAttribute(k, v);
    e.append(...children);
    return e;
  };
  const commas = (n) => String(n).replace(/\B(?=(\d{3})+(?!\d))/g, ",");

  // Patterns come as runs of text, each with 0, 1 (holds a competing part) or 2
  // (competes).
  const pattern = (r) => r.pattern.map(([text, mark]) =>
    mark === 2 ? el("mark", { class: "hot" }, text) : mark === 1 ? el("mark", {}, text) : text);
  const plain = (r) => r.pattern.map((p) => p[0]).join("");
  const place = (r) => (r.file || "") + (r.line ? ":" + r.line : "");
  const name = (r) => r.rule ? "rule " + r.rule : r.id || "";

  const state = { key: "rank", down: true, q: "", verdict: "", cause: "", level: "", shown: 0, open: new Set() };
  const page = 100;
  let visible = rows;

  const levels = { error: 3, warning: 2, note: 1 };
  const columns = {
    rank: (r) => r.rank, level: (r) => levels[r.level] || 0, growth: (r) => r.order,
    cause: (r) => r.cause || r.verdict, pattern: (r) => plain(r), size: (r) => r.size < 0 ? Infinity : r.size,
    place: (r) => [r.file || "", String(r.line || 0).padStart(9, "0"), name(r)].join("\0"),
  };

  const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
  const select = () => {
    const q = state.q.toLowerCase();
    const of = columns[state.key];
    visible = rows.filter((r) => {
      if (state.verdict && r.verdict !== state.verdict) return false;
      if (state.cause && r.cause !== state.cause) return false;
      if (state.level && r.level !== state.level) return false;
      if (!q) return true;
      if (r.text === undefined) r.text = [plain(r), r.id, r.rule, r.file].join("\n").toLowerCase();
      return r.text.includes(q);
    });
    const sign = state.down ? -1 : 1;
    visible = visible.map((r) => [of(r), r]).sort((a, b) => sign * compare(a[0], b[0]) || a[1].at - b[1].at).map((p) => p[1]);
    state.shown = 0;
    byId("body").replaceChildren();
    for (const th of document.querySelectorAll(".list th")) {
      th.setAttribute("aria-sort", th.dataset.key === state.key ? (state.down ? "descending" : "ascending") : "none");
    }
    more();
  };

  const more = () => {
    const body = byId("body");
    for (const r of visible.slice(state.shown, state.shown + page)) body.append(...line(r));
    state.shown = Math.min(state.shown + page, visible.length);
    if (visible.length === 0) body.replaceChildren(el("tr", {}, el("td", { colspan: 6, class: "empty" }, rows.length ? "Nothing matches the filter." : "Nothing was found.")));
    byId("more").hidden = state.shown >= visible.length;
    byId("count").textContent = `${commas(state.shown)} of ${commas(visible.length)} shown` + (visible.length < rows.length ? `, ${commas(rows.length)} in all` : "");
  };

  const line = (r) => {
    const size = r.size >= 0 ? commas(r.size) : "";
    const tr = el("tr", { class: "row", tabindex: 0, "aria-expanded": "false", id: "r" + r.at },
      el("td", {}, el("span", { class: "chip " + (r.decision || r.level || r.verdict) }, r.decision || r.level || r.verdict)),
      el("td", {}, r.growth || "—"),
      el("td", {}, r.cause || ""),
      el("td", { class: "pattern" }, el("span", { class: "clip pat" }, ...pattern(r))),
      el("td", { class: "num size" }, size),
      el("td", { class: "where" }, el("span", { class: "clip", title: place(r) }, [name(r), place(r)].filter(Boolean).join(" · ")),
        r.hosts ? el("span", { class: "clip hosts", title: r.hosts }, r.hosts) : null));
    const toggle = () => {
      if (tr.nextSibling && tr.nextSibling.classList.contains("detail")) {
        tr.nextSibling.remove();
        tr.classList.remove("open");
        state.open.delete(r.at);
      } else {
        tr.after(el("tr", { class: "detail" }, el("td", { colspan: 6 }, ...detail(r))));
        tr.classList.add("open");
        state.open.add(r.at);
      }
      tr.setAttribute("aria-expanded", String(state.open.has(r.at)));
      if (state.open.has(r.at)) history.replaceState(null, "", "#r" + r.at);
    };
    tr.addEventListener("click", toggle);
    tr.addEventListener("keydown", (e) => { if (e.key === "Enter" || e.key === " ") { e.preventDefault(); toggle(); } });
    if (!state.open.has(r.at)) return [tr];
    tr.classList.add("open");
    tr.setAttribute("aria-expanded", "true");
    return [tr, el("tr", { class: "detail" }, el("td", { colspan: 6 }, ...detail(r)))];
  };

  const copy = (label, text) => {
    const b = el("button", { type: "button" }, label);
    b.addEventListener("click", async () => {
      const said = (s) => { b.textContent = s; setTimeout(() => { b.textContent = label; }, 1500); };
      try {
        await navigator.clipboard.writeText(text());
        said("copied");
      } catch {
        const area = el("textarea", {});
        area.value = text();
        document.body.append(area);
        area.select();
        said(document.execCommand("copy") ? "copied" : "copying is not allowed here");
        area.remove();
      }
    });
    return b;
  };

  const attack = (r) => {
    const a = r.attack;
    const n = el("input", { type: "number", min: 1, max: 1000000, value: a.n, "aria-label": "repetitions" });
    const times = () => Math.max(1, Math.min(1000000, Math.floor(Number(n.value)) || 1));
    const shell = () => "{ " + a.parts.map((p) => p[1] ? `printf '${p[0]}%.0s' $(seq ${times()}); ` : `printf '${p[0]}'; `).join("") + "}";
    const code = el("div", { class: "box pat" }, shell());
    const bytes = el("span", { class: "soft" });
    const show = () => {
      code.textContent = shell();
      bytes.textContent = `${commas(a.fixed + a.pump * times())} bytes`;
    };
    n.addEventListener("input", show);
    show();
    const acts = el("div", { class: "acts" }, "n =", n, bytes, copy("Copy shell line", shell));
    if (a.text) acts.append(copy("Copy attack", () => a.text.map(([t, p]) => p ? t.repeat(times()) : t).join("")));
    return [el("h3", {}, "Attack"), el("p", {}, el("code", {}, a.formula)), code, acts];
  };

  const short = (e) => e < 3 ? String(10 ** e) : ["k", "M", "G", "T", "P"][Math.floor(e / 3) - 1] ? 10 ** (e % 3) + ["k", "M", "G", "T", "P"][Math.floor(e / 3) - 1] : "10^" + e;
  const dashes = ["", "7 3", "2 3", "9 3 2 3", "5 2", "1 4", "12 4", "3 6"];

  // chart draws curves on log-log axes.
  const chart = (curves, unit) => {
    const W = 720, H = 380, L = 62, R = 18, T = 14, B = 46;
    const points = curves.flatMap((c) => c.points.filter(([x, y]) => x > 0 && y > 0));
    if (points.length < 2) return null;
    const log = Math.log10;
    const span = (v) => {
      let a = Math.min(...v), b = Math.max(...v);
      if (b - a < 0.3) { a -= 0.15; b += 0.15; }
      return [a, b];
    };
    const [x0, x1] = span(points.map((p) => log(p[0]))), [y0, y1] = span(points.map((p) => log(p[1])));
    const X = (v) => L + (log(v) - x0) / (x1 - x0) * (W - L - R), Y = (v) => H - B - (log(v) - y0) / (y1 - y0) * (H - T - B);
    const s = svg("svg", { viewBox: `0 0 ${W} ${H}`, role: "img", class: "growth" }, svg("title", {}, `${unit} by bytes of the attack, both axes logarithmic`));
    const ticks = (a, b) => {
      const out = [];
      for (let e = Math.floor(a); e <= Math.ceil(b); e++) {
        for (const k of b - a < 1.6 ? [1, 2, 5] : [1]) {
          const v = log(k) + e;
          if (v >= a - 1e-9 && v <= b + 1e-9) out.push([k * 10 ** e, k === 1 ? short(e) : e < 0 ? "" : commas(k * 10 ** e)]);
        }
      }
      return out;
    };
    for (const [v, label] of ticks(x0, x1)) {
      s.append(svg("line", { class: "grid", x1: X(v), x2: X(v), y1: T, y2: H - B }), svg("text", { x: X(v), y: H - B + 18, "text-anchor": "middle" }, label));
    }
    for (const [v, label] of ticks(y0, y1)) {
      s.append(svg("line", { class: "grid", x1: L, x2: W - R, y1: Y(v), y2: Y(v) }), svg("text", { x: L - 8, y: Y(v) + 4, "text-anchor": "end" }, label));
    }
    s.append(svg("text", { x: (L + W - R) / 2, y: H - 6, "text-anchor": "middle" }, "bytes of the attack"),
      svg("text", { x: 14, y: (T + H - B) / 2, "text-anchor": "middle", transform: `rotate(-90 14 ${(T + H - B) / 2})` }, unit));
    const first = curves[0].points.find(([x, y]) => x > 0 && y > 0);
    const end = Math.min(x1, log(first[0]) + y1 - log(first[1]));
    s.append(svg("path", { class: "guide", d: `M${X(first[0])} ${Y(first[1])}L${X(10 ** end)} ${Y(first[1] * 10 ** (end - log(first[0])))}` }));
    const legend = el("ul", { class: "legend" });
    curves.forEach((c, i) => {
      const k = "k" + i % 8, dash = dashes[i % 8];
      const good = c.points.filter(([x, y]) => x > 0 && y > 0);
      s.append(svg("path", { class: "curve " + k, "stroke-dasharray": dash, d: "M" + good.map(([x, y]) => `${X(x).toFixed(1)} ${Y(y).toFixed(1)}`).join("L") }));
      for (const [x, y] of good) s.append(svg("circle", { class: k, cx: X(x).toFixed(1), cy: Y(y).toFixed(1), r: 3 }, svg("title", {}, `${c.engine}: ${commas(x)} bytes, ${commas(y)} ${unit}`)));
      legend.append(el("li", {}, svg("svg", { viewBox: "0 0 26 10", "aria-hidden": "true" }, svg("line", { class: k, "stroke-width": 2.5, "stroke-dasharray": dash, x1: 0, x2: 26, y1: 5, y2: 5 })), c.engine + (c.says ? ": " + c.says : "")));
    });
    legend.append(el("li", { class: "soft" }, svg("svg", { viewBox: "0 0 26 10", "aria-hidden": "true" }, svg("line", { class: "guide", x1: 0, x2: 26, y1: 5, y2: 5 })), "linear, to compare"));
    return el("div", {}, s, legend);
  };

  const table = (head, body) => el("div", { class: "scroll" }, el("table", {},
    el("thead", {}, el("tr", {}, ...head.map((h) => el("th", { scope: "col" }, h)))),
    el("tbody", {}, ...body.map((cells) => el("tr", {}, ...cells.map((c) => el("td", Array.isArray(c) ? { class: "wrap" } : {}, Array.isArray(c) ? c[0] : c)))))));

  const detail = (r) => {
    const out = [el("h3", {}, "Pattern"), el("div", { class: "box pat long" }, ...pattern(r)), el("p", { class: "soft" }, r.read)];
    for (const [word, said] of r.says) out.push(el("p", {}, el("b", {}, word + ": "), said));
    if (r.attack) out.push(...attack(r));
    else if (r.hidden) out.push(el("h3", {}, "Attack"), el("p", { class: "soft" }, "Not shown: the pattern is deployed."));
    for (const unit of ["steps", "ns"]) {
      const curves = r.curves.filter((c) => c.unit === unit);
      const drawn = curves.length ? chart(curves, unit === "ns" ? "nanoseconds" : "steps") : null;
      if (drawn) out.push(el("h3", {}, unit === "ns" ? "Time on live engines" : "Growth"), drawn);
    }
    if (r.engines.length) {
      out.push(el("h3", {}, "Engines and limits"),
        table(["engine", "growth", "bytes for 10⁷ steps", "passes the match limit at", "saved by"], r.engines.map((e) => [e.engine, e.growth, e.size, [e.limits], [e.saved]])));
    }
    if (r.differences.length) {
      out.push(el("h3", {}, "Engines that disagree"),
        table(["kind", "smallest pattern", "input", "answers"], r.differences.map((d) => [[d.kind], [d.pattern], [d.input], [d.answers]])));
    }
    return out;
  };

  if (rows.some((r) => r.decision)) document.querySelector('th[data-key="level"]').firstElementChild.textContent = "Decision";
  for (const th of document.querySelectorAll(".list th")) {
    th.firstElementChild.addEventListener("click", () => {
      const key = th.dataset.key;
      state.down = state.key === key ? !state.down : ["level", "growth"].includes(key);
      state.key = key;
      select();
    });
  }
  const options = (id, of) => {
    const s = byId(id), seen = new Map();
    for (const r of rows) if (r[of]) seen.set(r[of], (seen.get(r[of]) || 0) + 1);
    for (const [v, n] of [...seen].sort((a, b) => b[1] - a[1])) s.append(el("option", { value: v }, `${v} (${commas(n)})`));
    s.hidden = seen.size < 2;
    s.addEventListener("change", () => { state[of] = s.value; select(); });
  };
  options("verdict", "verdict");
  options("cause", "cause");
  options("level", "level");
  let timer = 0;
  byId("q").addEventListener("input", (e) => {
    clearTimeout(timer);
    timer = setTimeout(() => { state.q = e.target.value; select(); }, 120);
  });
  byId("more").addEventListener("click", more);
  byId("sort").addEventListener("change", (e) => {
    state.key = e.target.value;
    state.down = ["rank", "level", "growth"].includes(state.key);
    select();
  });
  // A link to a row, as opening one makes it, opens it.
  const linked = /^#r(\d+)$/.exec(location.hash);
  if (linked) state.open.add(Number(linked[1]));
  else if (rows.length === 1) state.open.add(rows[0].at);
  select();
  if (linked) {
    while (!byId("r" + linked[1]) && state.shown < visible.length) more();
    byId("r" + linked[1])?.scrollIntoView();
  }
})();
