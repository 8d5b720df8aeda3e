// Tells the reader what the page cannot: that its message channel (a WebSocket) is blocked or the network is down. It runs before
// Streamlit's scripts, so that it works while the page is still empty. It repeats the reader's last action after reconnecting.
(() => {
  const PATIENCE = 3000; // milliseconds without an answer before it probes the server
  const PROBE_LIMIT = 1500; // milliseconds a probe may take: the notice appears within five seconds
  const EVERY = 500;
  const host = location.host;
  const WORDS = {
    blocked:
      "The connection to the dashboard is blocked, so this page cannot show its numbers. A proxy or firewall refuses WebSocket " +
      `connections. Ask your IT help desk to allow them to ${host}; this page then continues by itself.`,
    interrupted:
      "The connection to the dashboard is interrupted. The page keeps trying to connect and applies your last choice when it is " +
      "back.",
    offline:
      "The dashboard cannot be reached: the network connection is down, or the server is restarting. Your last choice is applied " +
      "when it is back.",
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
  let closedAt = 0; // when the current channel was lost; 0 while it is open
  let hasAnswered = false; // whether any channel of this page ever brought a message
  let sentAt = 0; // when the oldest unanswered message was sent
  let waiting = null; // the reader's last action, until the page has answered it: { run, sentOn, isAnswered }
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
    // A loaded page sends nothing when it reconnects: the open event is the only sign that the channel works.
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
    constructor(...parameters) {
      super(...parameters);
      if (new URL(this.url, location.href).pathname.endsWith("/_stcore/stream")) watch(this);
    }
    send(data) {
      super.send(data);
      if (this === channel) sentAt ||= Date.now();
    }
  };

  // Returns whether the server can be reached: any answer counts.
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
        if (sentAt) sentAt = Date.now(); // the server answers but is busy: wait again
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

  // Repeats an action that was made while the connection was down, or answered only in part, once the page is idle on a new channel.
  // On the same channel it is not repeated: what was sent while the network was down arrives when it returns.
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

  // For the page's controls (components/html_view): act now, or when the connection is back.
  window.dashboardConnection = {
    carryOut: (run) => (state ? (waiting = { run, sentOn: null, isAnswered: false }) : perform(run)),
  };

  addEventListener("offline", look);
  addEventListener("online", look);
  setInterval(look, EVERY);
})();
