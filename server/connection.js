// Says what the page itself cannot say: that its message channel (a WebSocket) is blocked, or the network is gone. It runs before
// Streamlit's own scripts, so that it works while the page is still empty. What a reader does meanwhile is carried out on return.
(() => {
  const PATIENCE = 3000; // milliseconds without an answer before it is looked into
  const PROBE_LIMIT = 1500; // milliseconds a look at the server may take: a sentence stands there after five seconds at most
  const EVERY = 500;
  const host = location.host;
  const WORDS = {
    blocked:
      "The connection to the dashboard is blocked, so this page cannot show its numbers. A proxy or firewall in between refuses " +
      `WebSocket connections. Ask your IT help desk to allow them to ${host}; this page goes on by itself once they are.`,
    interrupted:
      "The connection to the dashboard is interrupted. The page keeps trying to connect; your last choice is carried out when it " +
      "is back.",
    offline:
      "The dashboard cannot be reached: the network connection is gone, or the server is starting again. Your last choice is " +
      "carried out when it is back.",
  };
  const STYLE = `
    .connection-notice { position: fixed; inset: auto 1rem 1rem; z-index: 1000001; box-sizing: border-box; max-width: 44rem;
      margin: 0 auto; padding: .8rem 1rem; border-radius: 8px; color-scheme: light dark; line-height: 1.5;
      font: 1rem/1.5 "Source Sans", "Source Sans 3", "Segoe UI", system-ui, sans-serif; background: light-dark(#FFF7E0, #3A2F12);
      color: light-dark(#16202C, #F3EBD6); border: 1px solid light-dark(#8A6D1A, #C9A94A); box-shadow: 0 2px 12px rgb(0 0 0 / 25%); }
    .connection-notice:empty { display: none; }
    @media print { .connection-notice { display: none; } }`;

  let channel = null; // the newest message channel
  let firstTried = 0; // when the page first opened one
  let closedAt = 0; // when the channel in use was lost; 0 while it is there
  let hasAnswered = false; // whether any channel of this page ever brought a message
  let sentAt = 0; // when something was sent that has no answer yet
  let waiting = null; // the last thing a reader did, until the page has answered it: { run, sentOn, isAnswered }
  let state = ""; // a key of WORDS, or "" while all is well
  let isLooking = false;
  let region = null;

  function watch(opened) {
    channel = opened;
    firstTried ||= Date.now();
    opened.addEventListener("message", () => {
      hasAnswered = true;
      sentAt = closedAt = 0;
      if (waiting?.sentOn === opened) waiting.isAnswered = true;
      show("");
    });
    // A page that stands already asks for nothing when it connects again: that the channel opens is all there is to hear.
    opened.addEventListener("open", () => {
      if (!hasAnswered) return;
      sentAt = closedAt = 0;
      show("");
    });
    opened.addEventListener("close", () => {
      if (opened !== channel) return;
      sentAt = 0;
      closedAt ||= Date.now();
    });
  }

  const Native = window.WebSocket;
  window.WebSocket = class extends Native {
    constructor(...given) {
      super(...given);
      if (new URL(this.url, location.href).pathname.endsWith("/_stcore/stream")) watch(this);
    }
    send(data) {
      super.send(data);
      if (this === channel) sentAt ||= Date.now();
    }
  };

  // Whether the server can be reached at all: any answer will do.
  async function isReachable() {
    try {
      await fetch(new URL("_stcore/health", document.baseURI), { cache: "no-store", signal: AbortSignal.timeout(PROBE_LIMIT) });
      return true;
    } catch {
      return false;
    }
  }

  const isLate = (since) => since > 0 && Date.now() - since >= PATIENCE;

  async function look() {
    settle();
    const isDue = state || !navigator.onLine || isLate(sentAt) || isLate(closedAt) || (!hasAnswered && isLate(firstTried));
    if (!isDue || isLooking) return;
    isLooking = true;
    try {
      if (!(await isReachable())) show("offline");
      else if (!hasAnswered && isLate(firstTried)) show("blocked");
      else if (isLate(closedAt)) show("interrupted");
      else {
        if (sentAt) sentAt = Date.now(); // reached, but busy: wait again
        if (!closedAt) show("");
      }
    } finally {
      isLooking = false;
    }
  }

  function show(next) {
    state = next;
    const words = WORDS[next] ?? "";
    if (words && !region && document.body) {
      document.head.append(Object.assign(document.createElement("style"), { textContent: STYLE }));
      region = Object.assign(document.createElement("div"), { className: "connection-notice", role: "status" });
      document.body.append(region);
    }
    if (region && region.textContent !== words) region.textContent = words;
  }

  // What was done while the connection was down, or answered only in part, is carried out when the page stands on a new one. On the
  // same one it is not sent again: what was sent into a network that was away arrives when it returns.
  function settle() {
    const app = document.querySelector("[data-testid=stApp]");
    const isIdle = app?.dataset.testScriptState === "notRunning" && app.dataset.testConnectionState === "CONNECTED";
    if (!waiting || state || !isIdle) return;
    if (waiting.sentOn !== channel) perform(waiting.run);
    else if (waiting.isAnswered) waiting = null;
  }

  function perform(run) {
    waiting = { run, sentOn: channel, isAnswered: false };
    run();
  }

  // For the page's own controls (components/html_view/sheet.js): do it now, or when the connection is back.
  window.dashboardConnection = {
    carryOut: (run) => (state ? (waiting = { run, sentOn: null, isAnswered: false }) : perform(run)),
  };

  addEventListener("offline", look);
  addEventListener("online", look);
  setInterval(look, EVERY);
})();
