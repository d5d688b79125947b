// The server's interface, and its errors as one line to show.

export class Problem extends Error {
  constructor(detail, status) { super(detail); this.status = status; }
}

async function ask(path, options = {}) {
  let response;
  try {
    response = await fetch(path, options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem("连不上服务器，文字都还在，请稍后再试", 0);
  }
  if (response.ok) return response;
  if (response.status === 401) location.reload();  // the sign-in page stands there
  const problem = await response.json().catch(() => ({}));
  throw new Problem(problem.detail ?? `服务器出错了（${response.status}）`, response.status);
}

function posting(body, signal, accept = "application/json") {
  const headers = { "Content-Type": "application/json", Accept: accept };
  return { method: "POST", headers, body: JSON.stringify(body), signal };
}

export const get = async (path) => (await ask(path)).json();
export const post = async (path, body, signal) => (await ask(path, posting(body, signal))).json();

// Calls `heard(event, data)` for every server-sent event of a suggestion.
export async function suggest(body, signal, heard) {
  const response = await ask("/v1/suggest", posting(body, signal, "text/event-stream"));
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let buffered = "", ended = false;
  for (;;) {
    let piece;
    try {
      piece = await reader.read();
    } catch (error) {
      if (error.name === "AbortError") throw error;
      break;
    }
    if (piece.done) break;
    buffered += piece.value;
    const events = buffered.split("\n\n");
    buffered = events.pop();
    for (const text of events) {
      const event = /^event: (.*)$/m.exec(text)?.[1];
      const data = /^data: (.*)$/m.exec(text)?.[1];
      if (!event) continue;
      ended ||= event === "suggestion" || event === "problem";
      heard(event, JSON.parse(data));
    }
  }
  if (!ended) throw new Problem("连接断了，话术可以照用，草稿请重新生成", 0);
}
