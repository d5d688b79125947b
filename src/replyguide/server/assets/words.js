// What the pages call things.

export const VERDICTS = { pass: "可以发送", warn: "请留意", block: "不能发送" };
export const MARKS = { pass: "✓", warn: "!", block: "✕" };
export const ACTIONS = { sent: "原样发出", edited: "改过发出", rejected: "没有采用" };
export const TONES = { warm: "亲切", brief: "简短", formal: "正式", soothing: "安抚" };

export const pointsOf = (points) =>
  points?.length ? `扣 ${points.map((one) => String(one)).join(" 或 ")} 分` : "不扣分";

export function chooseTheme(theme) {
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const chosen = theme ?? localStorage.getItem("theme") ?? (dark ? "dark" : "light");
  document.documentElement.dataset.theme = chosen;
  if (theme) localStorage.setItem("theme", theme);
  return chosen;
}
