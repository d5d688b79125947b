// The supervisor's page: what was asked, sent, edited and blocked, by topic and day.

import { html, render, useEffect, useState } from "./vendor/preact-htm.js";
import { get } from "./api.js";
import { Days, LEGEND } from "./chart.js";
import { ACTIONS, MARKS, VERDICTS, chooseTheme } from "./words.js";

const FIGURES = [
  ["asked", "问题"], ["ready", "给出回复"], ["handed_over", "转人工"], ["sent", "原样发出"], ["edited", "改过发出"], ["rejected", "没有采用"],
  ["drafts_blocked", "拦下的草稿"], ["points_avoided", "避免的扣分", "good"], ["sent_against_advice", "不顾提示发出", "bad"], ["points_at_risk", "有风险的扣分", "bad"],
];
const COLUMNS = FIGURES.filter(([name]) => !["ready"].includes(name));
const at = (iso) => new Date(iso).toLocaleString("zh-CN", { month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit" });

function Recent({ recent, topics }) {
  const [topic, setTopic] = useState("");
  const [outcome, setOutcome] = useState("");
  const rows = recent.filter((row) => (!topic || row.topics.includes(topic)) &&
    (!outcome || (outcome === "handover" ? row.status === "handover" : outcome === "none" ? !row.action : row.action === outcome)));
  const known = [...new Set(recent.flatMap((row) => row.topics))];
  return html`<section class="card"><h2>最近的问题（${rows.length}）</h2>
    <div class="filters">
      <label>主题 <select onChange=${(event) => setTopic(event.target.value)}><option value="">全部</option>${known.map((id) => html`<option value=${id}>${topics[id] ?? id}</option>`)}</select></label>
      <label>结果 <select onChange=${(event) => setOutcome(event.target.value)}><option value="">全部</option><option value="handover">转人工</option><option value="none">没有反馈</option>${Object.entries(ACTIONS).map(([id, name]) => html`<option value=${id}>${name}</option>`)}</select></label>
    </div>
    <div class="scroll" tabindex="0" role="region" aria-label="最近的问题"><table>
      <thead><tr><th>时间</th><th>主题</th><th>买家的消息</th><th>回复</th><th>处理</th><th>检查</th></tr></thead>
      <tbody>${rows.map((row) => html`<tr><td>${at(row.at)}</td><td>${row.topics.map((id) => topics[id] ?? id).join("、") || "—"}</td><td class="text">${row.question}</td>
        <td class="text">${row.final_text ?? row.reply ?? "—"}</td><td>${row.action ? ACTIONS[row.action] : row.status === "handover" ? "转人工" : "—"}</td>
        <td><span class=${`chip ${row.verdict}`}>${MARKS[row.verdict]} ${VERDICTS[row.verdict]}</span></td></tr>`)}</tbody>
    </table></div></section>`;
}

function Table({ group, name, rows, label }) {
  return html`<div class="scroll" tabindex="0" role="region" aria-label=${name}><table>
    <thead><tr><th>${name}</th>${COLUMNS.map(([, title]) => html`<th class="number">${title}</th>`)}</tr></thead>
    <tbody>${rows.map((row) => html`<tr><td>${label(row[group])}</td>${COLUMNS.map(([column]) => html`<td class="number">${row[column]}</td>`)}</tr>`)}</tbody>
  </table></div>`;
}

function Supervisor() {
  const [days, setDays] = useState(30);
  const [topics, setTopics] = useState({});
  const [report, setReport] = useState(null);
  const [trouble, setTrouble] = useState("");
  useEffect(() => { chooseTheme(); get("/v1/me").then((me) => setTopics(me.topics)).catch(() => {}); }, []);
  useEffect(() => {
    get(`/v1/report?days=${days}`).then((data) => { setReport(data); setTrouble(""); }).catch((error) => setTrouble(error.message));
  }, [days]);
  return html`
    <header class="top"><h1>${report ? `店铺 ${report.shop_id}` : "主管"} · 回复情况</h1>
      <label>时间段 <select value=${days} onChange=${(event) => setDays(Number(event.target.value))}>${[7, 30, 90].map((count) => html`<option value=${count} selected=${count === days}>最近 ${count} 天</option>`)}</select></label>
      <a href=${`/v1/report.csv?days=${days}`} download>导出表格</a> <a href="/">回到面板</a></header>
    <main>
    ${trouble && html`<p class="notice block" role="alert">${trouble}</p>`}
    ${report && html`
      <p class="quiet">${report.from} 至 ${report.to}，按中国时间的日子统计；个人信息已经隐去。</p>
      <section class="figures" aria-label="合计">${FIGURES.map(([name, title, kind]) => html`<div class=${`card figure ${kind && report.totals[name] ? kind : ""}`}><b>${report.totals[name]}</b>${title}</div>`)}</section>
      <section class="card"><h2>按天</h2><p class="legend quiet">${LEGEND.map(([, title, colour]) => html`<span ref=${(box) => { if (box) box.style.background = colour; }}></span>${title} `)}</p>
        <${Days} rows=${report.by_day} from=${report.from} to=${report.to} />
        <details><summary>看数字</summary><${Table} group="day" name="日子" rows=${report.by_day} label=${(day) => day} /></details></section>
      <section class="card"><h2>按主题</h2><${Table} group="topic" name="主题" rows=${report.by_topic} label=${(id) => topics[id] ?? (id || "没有规则覆盖")} /></section>
      <${Recent} recent=${report.recent} topics=${topics} />`}
    </main>`;
}

render(html`<${Supervisor} />`, document.getElementById("app"));
