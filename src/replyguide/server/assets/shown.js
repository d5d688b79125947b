// What a suggestion rests on: rules, rejected drafts, and what was said before.

import { html, useState } from "./vendor/preact-htm.js";
import { get } from "./api.js";
import { pointsOf } from "./words.js";

const bold = (line) => line.split(/\*\*(.+?)\*\*/).map((part, at) => (at % 2 ? html`<b>${part}</b>` : part));

// The Markdown that rules are written in: headings, lists and what is bold. Anything else stays the text that it is.
function Written({ text }) {
  return text.split("\n").filter((line) => line.trim()).map((line) => {
    const [, mark, words] = line.match(/^\s*(#+|[-*]) +(.*)$/) ?? [null, "", line];
    if (mark.startsWith("#")) return html`<h3>${bold(words)}</h3>`;
    return html`<p class=${mark && "item"}>${bold(words)}</p>`;
  });
}

function Rule({ hit, topics }) {
  const [points, setPoints] = useState(null);
  const look = (event) => {
    if (event.target.open && points === null && hit.kind === "rule") {
      get(`/v1/rules/${encodeURIComponent(hit.id)}`).then((rule) => setPoints(rule.points)).catch(() => setPoints(undefined));
    }
  };
  return html`<details class="rule" onToggle=${look}>
    <summary>${hit.title} <span class="quiet">${topics[hit.topic] ?? hit.topic} · 来源 ${hit.source}${hit.page ? ` 第 ${hit.page} 页` : ""}</span></summary>
    ${hit.against && html`<p class="notice block">不能照着说：${hit.against}</p>`}
    ${points && html`<p><span class="chip plain">${pointsOf(points)}</span></p>`}
    <div class="text"><${Written} text=${hit.text} /></div>
  </details>`;
}

// Hits below this chance only distract an agent: they are folded away.
const LIKELY = 0.7;

export function Rules({ rules, topics }) {
  if (!rules.length) return null;
  const isLikely = (hit) => hit.rank === 1 || hit.score >= LIKELY;
  const shown = (hit) => html`<${Rule} key=${hit.id} hit=${hit} topics=${topics} />`;
  const others = rules.filter((hit) => !isLikely(hit));
  return html`<section class="card" aria-label="依据的规则"><h2>依据的规则</h2>
    ${rules.filter(isLikely).map(shown)}
    ${others.length > 0 && html`<details class="rule"><summary class="quiet">可能相关的 ${others.length} 条</summary>${others.map(shown)}</details>`}
  </section>`;
}

export function Attempts({ attempts }) {
  const held = attempts.filter((attempt) => attempt.error || attempt.check.verdict === "block");
  if (!held.length) return null;
  return html`<details class="card"><summary>没有采用的草稿（${held.length}）</summary>
    ${held.map((attempt) => html`<div class="rule">${attempt.error
      ? html`<p>${attempt.error}</p>`
      : html`<p>${attempt.text}</p>${attempt.check.findings.map((finding) => html`<p class="quiet">✕ “${finding.matched}” ${finding.why}（${finding.rule}，${pointsOf(finding.points)}）</p>`)}`}</div>`)}
  </details>`;
}

export function History({ history }) {
  if (!history.length) return null;
  return html`<details class="card"><summary>这次对话（${history.length} 句）</summary>
    ${history.map((turn) => html`<p class="turn"><b>${turn.role === "buyer" ? "买家" : "客服"}</b>${turn.text}</p>`)}</details>`;
}
