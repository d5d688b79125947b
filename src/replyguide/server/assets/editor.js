// A reply that is edited in place: offending characters underlined, why, and what may be sent instead.

import { html, useRef, useState, useEffect } from "./vendor/preact-htm.js";
import { useCheck } from "./checking.js";
import { MARKS, VERDICTS, pointsOf } from "./words.js";

// Offsets of findings count code points, those of strings UTF-16 units: cut an array of code points.
export function pieces(text, findings) {
  const points = Array.from(text);
  const levels = new Array(points.length).fill("");
  for (const { start, end, level } of findings) {
    for (let at = start; at < end; at += 1) if (levels[at] !== "block") levels[at] = level;
  }
  const found = [];
  points.forEach((point, at) => {
    if (found.length && found.at(-1).level === levels[at]) found.at(-1).text += point;
    else found.push({ level: levels[at], text: point });
  });
  return found;
}

// Of the findings on an earlier text those whose characters still stand where they stood.
export function standing(text, findings) {
  const points = Array.from(text);
  return findings.filter(({ start, end, matched }) => points.slice(start, end).join("") === matched);
}

function Underlined({ text, findings }) {
  return html`<div class="mirror" aria-hidden="true">
    ${pieces(text, findings).map(({ level, text: part }) => (level ? html`<mark class=${level}>${part}</mark>` : part))}${"\u200b"}
  </div>`;
}

function Finding({ finding, adopt }) {
  const mark = `${MARKS[finding.level]} ${finding.level === "block" ? "不能发" : "请留意"}`;
  return html`<div class=${`finding ${finding.level}`}>
    <p><span class=${`chip ${finding.level}`}>${mark}</span> <q>${finding.matched}</q>
      <span class="quiet"> ${pointsOf(finding.points)} · ${finding.rule} · 来源 ${finding.sources.join("、")}</span></p>
    <p>${finding.why}</p>
    <p class="quiet">怎么改：${finding.fix}</p>
    ${finding.reword && html`<p>可以这样发：${finding.reword} <button type="button" onClick=${() => adopt(finding.reword)}>采用</button></p>`}
  </div>`;
}

// Several rules may be broken by the same words: the first is told, the others can be looked at.
export function grouped(findings) {
  const groups = [];
  for (const finding of findings) {
    const same = groups.find(([first]) => finding.start < first.end && first.start < finding.end);
    if (same) same.push(finding);
    else groups.push([finding]);
  }
  return groups;
}

function Findings({ findings, adopt }) {
  return grouped(findings).map(([first, ...others]) => html`<${Finding} finding=${first} adopt=${adopt} />
    ${others.length > 0 && html`<details class="quiet"><summary>这几个字还违反 ${others.length} 条</summary>
      ${others.map((finding) => html`<${Finding} finding=${finding} adopt=${adopt} />`)}</details>`}`);
}

// `offer` is {key, title, text, check}; `onCopy(text, isEdited)` and `onReject()` are told what the agent did.
export function Editor({ offer, asked, isStale, copyRef, onCopy, onReject, onTrouble }) {
  const [text, setText] = useState(offer.text);
  const [isWanted, setIsWanted] = useState(false);
  const box = useRef(null);
  const { check, error, isPending, isLate, retry } = useCheck(text, offer, asked.question, asked.context);
  const isEdited = text !== offer.text;
  const verdict = isPending || !check ? "" : check.verdict;
  // What is shown may lag behind the keys for a moment; what may be copied does not.
  const shown = check && !isLate ? check : null;
  const isInternal = offer.isInternal;

  useEffect(() => setText(offer.text), [offer.key]);

  function copy() {
    if (isInternal) return onTrouble("这是给同事看的内部参考，不能发给买家");
    if (isStale) return onTrouble("买家的消息改过了，请先重新生成");
    if (!text.trim()) return onTrouble("回复是空的");
    if (verdict === "" && !error && !isLate) return setIsWanted(true);  // as soon as its check is there
    if (verdict === "") return onTrouble(error || "还在检查，请稍等");
    if (verdict === "block") return onTrouble("这条不能发送，请按下面的提示改");
    return onCopy(text, isEdited);
  }
  if (copyRef) copyRef.current = copy;
  useEffect(() => {
    if (!isWanted || (verdict === "" && !error && !isLate)) return;
    setIsWanted(false);
    copy();
  }, [isWanted, verdict, error, isLate]);

  function onKeyDown(event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); copy(); }
  }

  const id = `reply-${offer.key}`;
  return html`<section class=${`card reply ${isStale ? "stale" : ""} is-${shown?.verdict ?? ""}`} aria-label=${offer.title} aria-busy=${String(!verdict && !error && !!text.trim())}
      onFocusIn=${() => { if (copyRef) copyRef.current = copy; }}>
    <div class="row">
      <h2 class="grow"><label for=${id}>${offer.title}</label></h2>
      ${isInternal && html`<span class="chip warn">内部参考，请勿发给买家</span>`}
      ${isStale && html`<span class="chip warn">已过期</span>`}
      <span role="status" aria-live="polite">${shown
        ? html`<span class=${`chip ${shown.verdict}`}>${MARKS[shown.verdict]} ${VERDICTS[shown.verdict]}</span>`
        : html`<span class="chip plain">${error ? "没有检查" : text.trim() ? "检查中" : "空"}</span>`}</span>
    </div>
    <div class="editor">
      <${Underlined} text=${text} findings=${shown ? standing(text, shown.findings) : []} />
      <textarea id=${id} ref=${box} value=${text} readonly=${isInternal} spellcheck="false"
        onInput=${(event) => { setText(event.target.value); setIsWanted(false); }} onKeyDown=${onKeyDown}></textarea>
    </div>
    ${error && html`<p class="notice block" role="alert">${error} <button type="button" onClick=${retry}>再试</button></p>`}
    ${shown && html`<${Findings} findings=${shown.findings} adopt=${setText} />`}
    ${offer.missing?.length > 0 && !isEdited && html`<p class="quiet">没有说到：${offer.missing.join("、")}</p>`}
    ${!isInternal && html`<div class="row">
      <button type="button" class="main" onClick=${copy} disabled=${isStale || shown?.verdict === "block" || !text.trim()}>复制 <kbd>Alt+C</kbd></button>
      ${isEdited && html`<button type="button" onClick=${() => setText(offer.text)}>还原</button>`}
      ${onReject && html`<button type="button" onClick=${onReject}>不采用</button>`}
    </div>`}
  </section>`;
}
