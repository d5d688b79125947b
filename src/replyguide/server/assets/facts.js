// What is known of buyer, item and shop; unknown is the default, and the server's facts of the shop stand below it.

import { html } from "./vendor/preact-htm.js";

const YES_NO = [["", "不知道"], ["true", "是"], ["false", "否"]];
const FIELDS = [
  ["asker", "谁在问", [["", "买家"], ["agent", "同事（内部问题）"]]],
  ["buyer_verified", "买家身份已核实", YES_NO],
  ["product.price_yuan", "商品价格（元）", "number"],
  ["product.material", "商品材质", "text"],
  ["product.gifts", "赠品（用、隔开）", "text"],
  ["shop.free_shipping", "包邮", [["", "按店铺资料"], ["all", "全部包邮"], ["mainland", "大陆包邮"], ["except_remote", "偏远除外"], ["none", "不包邮"]]],
  ["shop.ships_within_hours", "几小时内发货", "number"],
  ["shop.cod", "支持货到付款", YES_NO],
  ["shop.freight_insurance", "有运费险", YES_NO],
  ["shop.couriers", "快递（用、隔开）", "text"],
];

// Turns the form's texts into the context of a request.
export function contextOf(facts, history) {
  const context = { history, shop: {}, product: {} };
  for (const [path, , kind] of FIELDS) {
    const said = facts[path];
    if (said === undefined || said === "") continue;
    const value = said === "true" ? true : said === "false" ? false : kind === "number" ? Number(said) : said;
    const [room, name] = path.split(".");
    if (name) context[room][name] = value;
    else context[path] = value;
  }
  return context;
}

export function Facts({ facts, shop, change }) {
  const known = Object.values(facts).filter((value) => value !== "").length;
  return html`<details class="card">
    <summary>买家、商品和店铺的情况 ${known ? html`<span class="chip plain">${known} 项</span>` : html`<span class="quiet">不知道的不用填</span>`}</summary>
    ${Object.keys(shop).length > 0 && html`<p class="quiet">店铺资料已有：${Object.keys(shop).length} 项，会自动使用</p>`}
    <div class="fields">
      ${FIELDS.map(([path, label, kind]) => html`<label>${label}
        ${Array.isArray(kind)
          ? html`<select value=${facts[path] ?? ""} onChange=${(event) => change(path, event.target.value)}>
              ${kind.map(([value, name]) => html`<option value=${value} selected=${(facts[path] ?? "") === value}>${name}</option>`)}</select>`
          : html`<input type=${kind} min="0" step="any" value=${facts[path] ?? ""} onInput=${(event) => change(path, event.target.value)} />`}
      </label>`)}
    </div>
  </details>`;
}
