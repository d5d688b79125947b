// Live checking: at once when nothing is on the way, else with the latest text when the answer is there.

import { useEffect, useRef, useState } from "./vendor/preact-htm.js";
import { post } from "./api.js";

// While an answer is on the way the last one stands for so many milliseconds, or the page would jump with every key.
const PATIENCE = 150;

// Returns {check, error, isPending, isLate, retry}; `check` belongs to exactly `text` unless `isPending`.
export function useCheck(text, known, question, context) {
  const [state, setState] = useState({ text: known?.text, check: known?.check, error: "" });
  const running = useRef(false);
  const [isLate, setIsLate] = useState(false);
  const wanted = useRef(text);
  wanted.current = text;

  async function run() {
    if (running.current) return;
    running.current = true;
    let last;
    while (wanted.current.trim() && last !== wanted.current) {
      last = wanted.current;
      try {
        const check = await post("/v1/check", { reply: last, question, context });
        setState({ text: last, check, error: "" });
      } catch (error) {
        setState({ text: last, check: null, error: error.message });
      }
    }
    running.current = false;
  }

  useEffect(() => {
    if (known?.check && text === known.text) setState({ text, check: known.check, error: "" });
    else if (text.trim()) run();
    else setState({ text, check: null, error: "" });
  }, [text, known?.text, known?.check]);

  const isPending = state.text !== text;
  useEffect(() => {
    setIsLate(false);
    const timer = isPending && setTimeout(() => setIsLate(true), PATIENCE);
    return () => clearTimeout(timer);
  }, [isPending]);
  return { ...state, isPending, isLate, retry: run };
}
