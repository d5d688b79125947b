// The library of approved wording: `/` opens it, arrows choose, Enter puts it into the editor.

import { html, useEffect, useRef, useState } from "./vendor/preact-htm.js";
import { get } from "./api.js";

export function Phrases({ close, choose }) {
  const dialog = useRef(null);
  const latest = useRef(0);
  const [words, setWords] = useState("");
  const [found, setFound] = useState([]);
  const [at, setAt] = useState(0);
  const [trouble, setTrouble] = useState("");

  useEffect(() => { dialog.current.showModal(); }, []);
  useEffect(() => {
    const mine = (latest.current += 1);
    get(`/v1/phrases?limit=30&q=${encodeURIComponent(words.trim())}`)
      .then(({ phrases }) => { if (mine === latest.current) { setFound(phrases); setAt(0); setTrouble(""); } })
      .catch((error) => setTrouble(error.message));
  }, [words]);
  useEffect(() => { document.getElementById(`phrase-${at}`)?.scrollIntoView({ block: "nearest" }); }, [at]);

  function onKeyDown(event) {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) { event.preventDefault(); setAt(Math.max(0, Math.min(found.length - 1, at + step))); }
    if (event.key === "Enter" && found[at]) { event.preventDefault(); choose(found[at]); }
  }

  return html`<dialog ref=${dialog} aria-label="话术库" onClose=${close} onKeyDown=${onKeyDown}>
    <div class="row"><h2 class="grow">话术库</h2><button type="button" class="bare" onClick=${close}>关闭 <kbd>Esc</kbd></button></div>
    <input type="search" role="combobox" aria-label="找话术" aria-expanded="true" aria-controls="phrases" placeholder="找话术，如 运费、退货"
      aria-activedescendant=${found.length ? `phrase-${at}` : undefined} value=${words} autofocus onInput=${(event) => setWords(event.target.value)} />
    ${trouble && html`<p class="notice block" role="alert">${trouble}</p>`}
    <ul class="options" id="phrases" role="listbox" aria-label="话术">
      ${found.map((phrase, place) => html`<li id=${`phrase-${place}`} role="option" aria-selected=${place === at} onClick=${() => choose(phrase)}>
        <div class="quiet">${phrase.title} · 来源 ${phrase.source}</div><div>${phrase.text}</div></li>`)}
    </ul>
    ${!found.length && !trouble && html`<p class="quiet">没有找到，换个词试试</p>`}
  </dialog>`;
}

const KEYS = [
  ["Enter", "生成回复（Shift+Enter 换行）"], ["Alt+C", "复制回复"], ["Ctrl+Enter", "在编辑框里复制回复"],
  ["/", "找话术（不在输入框里时），或 Alt+K"], ["Alt+N", "换一位买家，新对话"], ["Alt+M", "回到买家的消息"], ["?", "看这张表"], ["Esc", "关闭"],
];

export function Keys({ close }) {
  const dialog = useRef(null);
  useEffect(() => { dialog.current.showModal(); }, []);
  return html`<dialog ref=${dialog} aria-label="快捷键" onClose=${close}>
    <div class="row"><h2 class="grow">快捷键</h2><button type="button" onClick=${close}>关闭</button></div>
    <div class="keys">${KEYS.map(([key, does]) => html`<kbd>${key}</kbd><span>${does}</span>`)}</div>
  </dialog>`;
}
