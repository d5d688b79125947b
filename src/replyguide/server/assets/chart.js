// Bars of each day, drawn to be read beside the table of the same figures.

import { html } from "./vendor/preact-htm.js";

export const LEGEND = [["asked", "问题", "#7a8f88"], ["sent", "原样发出", "#0b8a68"], ["edited", "改过发出", "#3f7fd1"], ["drafts_blocked", "拦下的草稿", "#d0453b"]];
const WIDTH = 960, HEIGHT = 200, LEFT = 34, BOTTOM = 22;

function daysBetween(from, to) {
  const days = [];
  for (let day = new Date(`${from}T00:00:00Z`); ; day.setUTCDate(day.getUTCDate() + 1)) {
    days.push(day.toISOString().slice(0, 10));
    if (days.at(-1) >= to || days.length > 400) return days;
  }
}

export function Days({ rows, from, to }) {
  const byDay = Object.fromEntries(rows.map((row) => [row.day, row]));
  const days = daysBetween(from, to);
  const most = Math.max(1, ...rows.flatMap((row) => LEGEND.map(([name]) => row[name])));
  const step = (WIDTH - LEFT) / days.length;
  const bar = step * 0.8 / LEGEND.length;
  const high = (count) => (HEIGHT - BOTTOM - 8) * count / most;
  const every = Math.ceil(days.length / 10);
  return html`<svg class="chart" viewBox=${`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label=${`每天的问题、发出和拦下的草稿，最多一天 ${most}`}>
    <line x1=${LEFT} x2=${WIDTH} y1=${HEIGHT - BOTTOM} y2=${HEIGHT - BOTTOM} stroke="currentColor" />
    <text x="0" y="14">${most}</text><text x="0" y=${HEIGHT - BOTTOM}>0</text>
    ${days.map((day, place) => html`<g>
      ${place % every === 0 && html`<text x=${LEFT + step * place} y=${HEIGHT - 6}>${day.slice(5)}</text>`}
      ${byDay[day] && LEGEND.map(([name, title, colour], row) => html`<rect x=${LEFT + step * place + bar * row} y=${HEIGHT - BOTTOM - high(byDay[day][name])}
        width=${Math.max(bar - 0.5, 0.5)} height=${high(byDay[day][name])} fill=${colour}><title>${day} ${title} ${byDay[day][name]}</title></rect>`)}
    </g>`)}
  </svg>`;
}
