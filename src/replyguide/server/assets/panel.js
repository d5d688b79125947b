// The agent's panel: the buyer's message in, rule and approved wording at once, then the draft; the agent copies.

import { html, render, useEffect, useRef, useState } from "./vendor/preact-htm.js";
import { get, post, suggest } from "./api.js";
import { Editor } from "./editor.js";
import { Facts, contextOf } from "./facts.js";
import { Keys, Phrases } from "./phrases.js";
import { Attempts, History, Rules } from "./shown.js";
import { TONES, chooseTheme } from "./words.js";

const KEPT = "conversation";  // of this tab: gone when it is closed
const EXAMPLE = "你好，这个有发票吗？";
const LONGEST_HISTORY = 40;

const kept = () => { try { return JSON.parse(sessionStorage.getItem(KEPT)) ?? {}; } catch { return {}; } };
const EMPTY = { asked: null, phrase: null, final: null, pieces: "", own: null, isWaiting: false, trouble: "" };

function offersOf(state, rejected) {
  const { phrase, final, own } = state;
  if (own) return [{ key: `own-${own.id}-${own.at}`, title: "话术库", text: own.text, check: null, isOwn: true }];
  const offers = [];
  const shown = phrase ?? final;
  if (shown?.reply) {
    const title = shown.status === "handover" ? "请人工接手 · 可以先这样回" : shown.asker === "agent" ? "给您的答复" : "合规话术";
    offers.push({ key: `${shown.suggestion_id}-script`, title, text: shown.reply, check: shown.check, missing: shown.missing,
      isInternal: shown.asker === "agent", id: shown.suggestion_id });
  }
  if (final?.origin === "model" && final.reply) {
    offers.push({ key: `${final.suggestion_id}-model`, title: "模型草稿（已检查）", text: final.reply, check: final.check,
      missing: final.missing, id: final.suggestion_id });
  }
  return offers.filter((offer) => !rejected.has(offer.key));
}

async function toClipboard(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    if (!done) throw new Error("复制不了，请手动选中回复");
  }
}

function Panel() {
  const before = kept();
  const [me, setMe] = useState({ shop: {}, topics: {}, model: null, role: "agent" });
  const [message, setMessage] = useState(before.message ?? "");
  const [history, setHistory] = useState(before.history ?? []);
  const [facts, setFacts] = useState(before.facts ?? {});
  const [state, setState] = useState(EMPTY);
  const [rejected, setRejected] = useState(new Set());
  const [open, setOpen] = useState("");
  const [toast, setToast] = useState("");
  const [untold, setUntold] = useState([]);
  const [theme, setTheme] = useState(chooseTheme());
  const box = useRef(null);
  const asking = useRef(null);
  const copyRef = useRef(null);
  const again = useRef(0);

  const asked = state.asked;
  const isStale = !!asked && !state.own && message.trim() !== asked.question.trim();
  const say = (text) => { setToast(text); setTimeout(() => setToast((now) => (now === text ? "" : now)), 2500); };
  const change = (part) => setState((now) => ({ ...now, ...part }));

  useEffect(() => { get("/v1/me").then(setMe).catch((error) => change({ trouble: error.message })); }, []);
  useEffect(() => { sessionStorage.setItem(KEPT, JSON.stringify({ message, history, facts })); }, [message, history, facts]);
  useEffect(() => { box.current?.focus(); }, []);

  async function generate({ text = message, tone } = {}) {
    const question = text.trim();
    if (!question) return say("请先贴上买家的消息");
    asking.current?.abort();
    const mine = (asking.current = new AbortController());
    again.current = asked?.question === question && !tone ? again.current + 1 : 0;
    const context = contextOf(facts, history.slice(-LONGEST_HISTORY));
    const body = { question, context, again: again.current, ...(tone ? { tone } : {}) };
    setState({ ...EMPTY, asked: { question, context }, isWaiting: true });
    setRejected(new Set());
    try {
      await suggest(body, mine.signal, (event, data) => {
        if (mine.signal.aborted) return;
        if (event === "phrase") change({ phrase: data });
        else if (event === "draft") setState((now) => ({ ...now, pieces: now.pieces + data.delta }));
        else if (event === "suggestion") change({ final: data, pieces: "", isWaiting: false });
        else if (event === "problem") change({ trouble: data.detail, isWaiting: false, pieces: "" });
      });
    } catch (error) {
      if (error.name !== "AbortError") change({ trouble: error.message, isWaiting: false, pieces: "" });
    }
  }

  async function tell(report) {
    try {
      await post("/v1/feedback", report);
    } catch (error) {
      if (error.status === 0 || error.status >= 500) setUntold((now) => [...now, report]);
    }
  }

  async function tellAgain() {
    const reports = untold;
    setUntold([]);
    for (const report of reports) await tell(report);
  }

  async function copied(offer, text, isEdited) {
    try {
      await toClipboard(text);
    } catch (error) {
      return say(error.message);
    }
    say("已复制，请到聊天窗口粘贴");
    const turns = asked && history.at(-1)?.text !== asked.question ? [{ role: "buyer", text: asked.question }] : [];
    setHistory((now) => [...now, ...turns, { role: "agent", text }]);
    if (offer.id) tell({ suggestion_id: offer.id, action: isEdited ? "edited" : "sent", final_text: text });
    box.current?.focus();
    box.current?.select();
  }

  function reject(offer) {
    setRejected((now) => new Set(now).add(offer.key));
    tell({ suggestion_id: offer.id, action: "rejected" });
    say("已记下：没有采用");
  }

  function beginAnew() {
    asking.current?.abort();
    setMessage(""); setHistory([]); setFacts({}); setState(EMPTY); setUntold([]);
    box.current?.focus();
  }

  useEffect(() => {
    function onKey(event) {
      const isTyping = event.target.matches?.("input, textarea, select");
      if (event.altKey && event.code === "KeyC") { event.preventDefault(); copyRef.current ? copyRef.current() : say("还没有回复"); }
      else if (event.altKey && event.code === "KeyN") { event.preventDefault(); beginAnew(); }
      else if (event.altKey && event.code === "KeyM") { event.preventDefault(); box.current?.focus(); box.current?.select(); }
      else if ((event.altKey && event.code === "KeyK") || (event.key === "/" && !isTyping)) { event.preventDefault(); setOpen("phrases"); }
      else if (event.key === "?" && !isTyping) { event.preventDefault(); setOpen("keys"); }
    }
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  });

  function onMessageKey(event) {
    // While an input method composes, Enter takes its proposal.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    generate();
  }

  const offers = offersOf(state, rejected);
  if (!offers.length) copyRef.current = null;
  const shown = state.final ?? state.phrase;
  return html`
    <header class="top">
      <h1><img src="/assets/icon.svg" alt="" /><span class="name">ReplyGuide</span> <span class="quiet">${me.model ? "模型起草" : "合规话术"}</span></h1>
      <button type="button" class="bare" onClick=${() => setOpen("phrases")}>话术库</button>
      <button type="button" class="bare" onClick=${beginAnew}>新对话</button>
      ${me.role !== "agent" && html`<a href="/supervisor">主管</a>`}
      <button type="button" class="bare" aria-label=${theme === "dark" ? "换成浅色" : "换成深色"} title=${theme === "dark" ? "换成浅色" : "换成深色"} onClick=${() => setTheme(chooseTheme(theme === "dark" ? "light" : "dark"))}>◐</button>
      <button type="button" class="bare" aria-label="快捷键" title="快捷键" onClick=${() => setOpen("keys")}>?</button>
    </header>
    <main>
    <form class="card ask" onSubmit=${(event) => { event.preventDefault(); generate(); }}>
      <label for="message"><b>买家的消息</b></label>
      <textarea id="message" ref=${box} value=${message} placeholder="把买家的话贴到这里，按 Enter" onInput=${(event) => setMessage(event.target.value)} onKeyDown=${onMessageKey}></textarea>
      <div class="row">
        <button class="main">${asked && !isStale && !state.own ? "换一种说法" : "生成回复"} <kbd>Enter</kbd></button>
        ${me.model && shown?.reply && Object.entries(TONES).map(([tone, name]) => html`<button type="button" onClick=${() => generate({ tone })}>${name}</button>`)}
        <span class="grow"></span>
        ${isStale && html`<span class="chip warn">消息改过了，请重新生成</span>`}
      </div>
    </form>
    ${state.trouble && html`<p class="notice block" role="alert">${state.trouble} <button type="button" onClick=${() => generate({ text: asked?.question ?? message })}>再试</button></p>`}
    ${untold.length > 0 && html`<p class="notice warn" role="alert">有 ${untold.length} 条使用记录还没有存上 <button type="button" onClick=${tellAgain}>再试</button></p>`}
    ${!asked && !state.own && html`<section class="card empty"><h2>怎么用</h2><ol><li>把买家的消息贴到上面，按 Enter</li><li>看一眼回复，要改就直接改，有问题会马上标出来</li><li>按 Alt+C 复制，到聊天窗口粘贴发送</li></ol>
      <button type="button" onClick=${() => { setMessage(EXAMPLE); generate({ text: EXAMPLE }); }}>试一试：${EXAMPLE}</button></section>`}
    ${shown?.handover_reason && html`<p class="notice warn">${shown.handover_reason}</p>`}
    ${shown?.cautions?.map((caution) => html`<p class="notice warn">${caution}</p>`)}
    ${offers.map((offer, place) => html`<${Editor} key=${offer.key} offer=${offer} asked=${asked ?? { question: undefined, context: {} }} isStale=${isStale && !offer.isOwn}
      copyRef=${place === 0 ? copyRef : null} onCopy=${(text, isEdited) => copied(offer, text, isEdited)} onReject=${offer.id && !offer.isInternal ? () => reject(offer) : null} onTrouble=${say} />`)}
    ${state.isWaiting && html`<section class="card" aria-label="正在起草"><div class="row"><b>${me.model ? "模型正在起草" : "正在找规则"}</b><span class="chip plain">未检查，不能复制</span></div>
      ${state.pieces && html`<div class="draft" aria-hidden="true">${state.pieces}</div>`}</section>`}
    ${shown && html`<${Rules} rules=${shown.rules} topics=${me.topics} />`}
    ${shown && html`<${Attempts} attempts=${shown.attempts} />`}
    <${Facts} facts=${facts} shop=${me.shop} change=${(path, value) => setFacts((now) => ({ ...now, [path]: value }))} />
    <${History} history=${history} />
    ${open === "phrases" && html`<${Phrases} close=${() => setOpen("")} choose=${(phrase) => { setOpen(""); change({ own: { ...phrase, at: Date.now() } }); }} />`}
    ${open === "keys" && html`<${Keys} close=${() => setOpen("")} />`}
    <div role="status" aria-live="assertive">${toast && html`<div class="toast">${toast}</div>`}</div>
    </main>`;
}

render(html`<${Panel} />`, document.getElementById("app"));
