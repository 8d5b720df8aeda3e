// When is a page painted? One definition for loads and clicks, for the dashboard and its floor.
//
// Painted is the first frame after the last change inside the window that a load or click brought about: from then on, all that a reader
// sees without scrolling is final. What stands in for something to come (a skeleton, a view without content, the empty place of a chart) is
// not. It is known afterwards, once the message that the script is over has come in, Streamlit says so too, and the window has stayed as it
// is for two frames and for `still` milliseconds. The wait is not counted. A page may still work on what is outside of the window: `settled` is
// the first frame in which it does not, and what was outside counts when it is scrolled into the window (`scrollThrough`).
window.bench = (() => {
  const now = () => performance.now();
  const state = () => document.querySelector("[data-test-script-state]")?.getAttribute("data-test-script-state");
  const painting = (then) => requestAnimationFrame(() => setTimeout(() => then(now())));
  const wanted = window.benchWanted; // text that makes a first load readable; it must come
  const changed = new Set(); // nodes, since the last look
  let isOver = false, readable = null;

  // What a run says about itself, and what Streamlit does in the head besides styles, is no change that a reader sees. It sets the icon of
  // the page anew in every run.
  const SILENT = new Set(["aria-busy", "data-stale", "data-test-script-state"]);
  const isSeen = ({ type, target, attributeName, addedNodes, removedNodes }) => {
    if (type === "attributes") return !SILENT.has(attributeName) && !(attributeName === "class" && target.matches(".stElementContainer"));
    if (target.matches?.("title, link[rel~=icon]")) return false;
    return target !== document.head || [...addedNodes, ...removedNodes].some((node) => ["STYLE", "LINK"].includes(node.nodeName));
  };
  // A change inside a chart counts as a change of the chart. Styles can change anything.
  const isInWindow = (node) => {
    let element = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
    element = element?.closest(".plot, head") ?? element;
    if (!element?.isConnected) return false;
    if (element === document.head) return true;
    while (getComputedStyle(element).display === "contents") element = element.parentElement;
    const { top, bottom, left, right, width, height } = element.getBoundingClientRect();
    return width * height > 0 && top < innerHeight && bottom > 0 && left < innerWidth && right > 0;
  };
  // Whether something changed since the last look: anywhere, and inside the window.
  const changes = () => {
    const nodes = [...changed];
    changed.clear();
    return { anywhere: nodes.length > 0, inWindow: nodes.some(isInWindow) };
  };
  const isMissing = (place) => !place.querySelector(".main-svg") && isInWindow(place);
  const isEmpty = (view) => !view.querySelector(".html-view > *");
  const isComplete = () =>
    !document.querySelector("[data-testid=stSkeleton]") &&
    !(wanted && readable === null) &&
    ![...document.querySelectorAll(".stBidiComponent")].some(isEmpty) &&
    ![...document.querySelectorAll(".plot")].some(isMissing);
  const isFinished = () => isOver && state() === "notRunning";

  // A run that takes no longer than a frame never shows as one: what says that it is over is its message, field 6 of a
  // ForwardMsg, with 0 for a run that came to its end.
  const isLast = (bytes) => {
    let at = 0;
    const number = () => {
      let value = 0, scale = 1, byte;
      do { byte = bytes[at++]; value += (byte & 127) * scale; scale *= 128; } while (byte & 128);
      return value;
    };
    while (at < bytes.length) {
      const tag = number();
      if (tag === 48) return number() === 0;
      if (tag % 8 === 2) { const length = number(); at += length; }
      else if (tag % 8 === 0) number();
      else return false;
    }
    return false;
  };
  const Plain = window.WebSocket;
  window.WebSocket = class extends Plain {
    constructor(...how) {
      super(...how);
      this.addEventListener("message", ({ data }) => { if (isLast(new Uint8Array(data))) isOver = true; });
    }
  };

  new MutationObserver((records) => {
    for (const record of records) if (isSeen(record)) changed.add(record.target);
    if (wanted && readable === null && document.body?.textContent.includes(wanted)) {
      readable = 0;
      painting((at) => (readable = at));
    }
  }).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });

  // Resolves with the times in ms since `from`.
  const painted = (from, still) =>
    new Promise((resolve, reject) => {
      let at = null, settled = from, frames = 0;
      const limit = setTimeout(() => reject(new Error("never painted")), 180_000);
      const step = (time) => {
        const { anywhere, inWindow } = changes();
        const isQuiet = !inWindow && isComplete();
        frames = isQuiet ? frames + 1 : 0;
        if (isQuiet) at ??= time;
        else at = isComplete() ? time : null;
        settled = anywhere || !isFinished() ? time : settled;
        if (at === null || !isFinished() || frames < 2 || time - at < still) return painting(step);
        clearTimeout(limit);
        resolve({ painted: at - from, settled: settled - from, readable });
      };
      painting(step);
    });

  return {
    loaded: (still) => painted(0, still),
    // Call before the choice, await `bench.clicked` after it. A choice is made by the event named: in Streamlit's list when the
    // button comes up (no "click" may follow), in the browser's own when it says so.
    arm: (still, choosing) => {
      isOver = false;
      changed.clear();
      window.bench.clicked = new Promise((resolve) =>
        addEventListener(choosing, (event) => resolve(painted(event.timeStamp, still)), { capture: true, once: true })
      );
    },
    // Go through a painted page, a window at a time, and back to its top. Resolves with the ms until each window was painted, added up.
    scrollThrough: async () => {
      const main = document.querySelector("[data-testid=stMain]");
      let took = 0;
      for (let top = main.clientHeight; top < main.scrollHeight; top += main.clientHeight) {
        const from = now();
        main.scrollTo(0, top);
        took += (await painted(from, 0)).painted;
      }
      main.scrollTo(0, 0);
      await painted(now(), 0);
      return took;
    },
  };
})();
