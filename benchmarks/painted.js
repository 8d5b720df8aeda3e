// When is a page painted? One definition for loads and clicks, for the dashboard and its floor.
//
// Painted is the first frame after the last change of the page's content that a load or click brought about: the message
// that the script is over has come in and Streamlit says so too, nothing stands in for what is still to come (a skeleton),
// and the page then stays as it is for two frames, and for `still` milliseconds. The time is that of the frame: the wait
// after it is not counted.
window.bench = (() => {
  const now = () => performance.now();
  const state = () => document.querySelector("[data-test-script-state]")?.getAttribute("data-test-script-state");
  const painting = (then) => requestAnimationFrame(() => setTimeout(() => then(now())));
  const wanted = window.benchWanted; // text that makes a first load readable
  let isOver = false, isChanged = false, readable = null;
  const isWhole = () => isOver && state() === "notRunning" && !document.querySelector("[data-testid=stSkeleton]");

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

  const look = () => {
    isChanged = true;
    if (wanted && readable === null && document.body?.textContent.includes(wanted)) {
      readable = 0;
      painting((at) => (readable = at));
    }
  };
  new MutationObserver(look).observe(document, {
    subtree: true, childList: true, characterData: true, attributes: true,
  });

  // Resolves with the times in ms since `from`.
  const painted = (from, still) =>
    new Promise((resolve, reject) => {
      let at = null, frames = 0;
      setTimeout(() => reject(new Error("never painted")), 180000);
      const step = (time) => {
        if (isChanged || !isWhole()) {
          isChanged = false;
          at = isWhole() ? time : null;
          frames = 0;
        } else {
          at ??= time;
          frames += 1;
        }
        if (at !== null && frames >= 2 && time - at >= still) resolve({ painted: at - from, readable });
        else painting(step);
      };
      painting(step);
    });

  return {
    loaded: (still) => painted(0, still),
    // Call before the choice, await `bench.clicked` after it. A choice is made by the event named: in Streamlit's list when the
    // button comes up (no "click" may follow), in the browser's own when it says so.
    arm: (still, choosing) => {
      isOver = isChanged = false;
      window.bench.clicked = new Promise((resolve) =>
        addEventListener(choosing, (event) => resolve(painted(event.timeStamp, still)), { capture: true, once: true })
      );
    },
  };
})();
