// Shows the page as slides, for a projector: its first sentence and figures, then one chart or table at a time. The arrow keys turn
// the slides and Escape leaves. Slides are copies, so that the page below stays as it is.
import { drawCopy, purgeCopies } from "./charts.js";
import { announce, chosenFilters, scopeLine, words } from "./page_status.js";

const MAX_ROWS = 14; // of a table on a slide; longer ones stay on the page
const [SMALLEST, LARGEST] = [0.5, 2.6]; // times the size on the page
const TALLER = 1.6; // times its height, by which a low chart is stretched toward the foot of its slide
const NOT_SHOWN = ".how, .see, .quiet-button, .choice, .controls, .field, .beneath, .button";
const OPENING = ".lead, .lead-more, .figures"; // on the first slide, if they stand before the first section
const PARTS = `${OPENING}, h2, section.chart, section.region-strip, section.table, .heat, .finding, .quotes, .section-words, .quiet`;
const NEXT = ["ArrowRight", "ArrowDown", "PageDown", " ", "Enter"];
const PREVIOUS = ["ArrowLeft", "ArrowUp", "PageUp"];

function element(tag, className, ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

function copyOf(original) {
  const copy = original.cloneNode(true);
  for (const part of [copy, ...copy.querySelectorAll("*")]) ["id", "data-name", "data-event", "href", "tabindex"].forEach((name) => part.removeAttribute(name));
  copy.querySelectorAll(".pick").forEach((button) => button.replaceWith(...button.childNodes));
  copy.querySelectorAll(NOT_SHOWN).forEach((part) => part.remove());
  copy.querySelectorAll(".sort").forEach((button) => button.replaceWith(button.textContent));
  return copy;
}

// What a slide shows: a title, a sentence, and a chart, table, figures or list of findings; at its foot notes, and the filters that it
// follows if they are not its page's. A note belongs to what stands above it, and the line under a section's heading to all that follows.
function slidesOf(page) {
  const opening = { title: words(page.querySelector("h1")), line: scopeLine(), parts: [], notes: [] };
  const slides = [opening];
  let section = "";
  let sectionNotes = [];
  let latest = [opening];
  let findings = null;
  for (const part of page.querySelectorAll(PARTS)) {
    const isFinding = part.matches(".finding");
    if (part.matches(".quiet, .section-words")) {
      if (!isNote(part)) continue;
      if (latest) latest.forEach((slide) => slide.notes.push(words(part)));
      else sectionNotes.push(words(part));
      continue;
    }
    if (!isFinding) findings = null;
    const before = slides.length;
    if (part.matches("h2")) [section, sectionNotes, latest] = [words(part), [], null];
    else if (!section && part.matches(OPENING)) opening.parts.push(copyOf(part));
    else if (part.matches("section.chart, section.region-strip")) slides.push(...chartSlide(part, section));
    else if (part.matches("section.table, .heat")) slides.push(...tableSlide(part, section));
    else if (findings) findings.parts.push(copyOf(part.firstElementChild));
    else {
      const scope = part.matches(".quotes") ? chosenFilters()[0] : part.dataset.scope; // a sentence to quote names its own filters
      const slide = { title: section, parts: [copyOf(isFinding ? part.firstElementChild : part)], scope };
      if (isFinding) findings = slide;
      slides.push(slide);
    }
    if (part.matches("h2") || part.matches(OPENING) && !section || findings && slides.length === before) continue;
    latest = slides.slice(before);
    for (const slide of latest) slide.notes = [...sectionNotes];
  }
  return slides;
}

// Whether a line is a note for readers of a slide too: not one with a link to elsewhere, nor one that is on the slide already.
function isNote(line) {
  if (line.closest(".beneath, .how, .see, .figures, .share, li") || line.querySelector("a, button")) return false;
  return !line.matches(".section-words") || !line.closest("section");
}

function chartSlide(part, section) {
  const drawing = part.querySelector(".plot, .map, .strip");
  const line = part.querySelector(".section-words");
  const { scope } = part.dataset;
  return drawing ? [{ section, title: words(part.querySelector("h3")), line: words(line), drawing, scope }] : [];
}

function tableSlide(part, section) {
  const table = part.closest("table") ?? part.querySelector("table");
  if (!table || table.tBodies[0].rows.length > MAX_ROWS) return [];
  const caption = words(table.caption);
  const title = words(part.querySelector("h3")) || (section ? "" : caption);
  const line = table.matches(".heat") && title !== caption ? caption : "";
  const { scope } = part.dataset;
  return [{ section: title && section, title: title || section, line, parts: [copyOf(table)], isTable: true, scope }];
}

async function fill(body, slide) {
  purgeCopies(body);
  const { clientWidth: width, clientHeight: height } = body;
  if (slide.drawing?.dataset.plot) {
    const scale = Math.min(LARGEST, height / slide.drawing.clientHeight);
    const drawing = element("div", "drawing");
    body.replaceChildren(drawing);
    const tall = Math.min(height, slide.drawing.clientHeight * scale * TALLER);
    await drawCopy(slide.drawing, drawing, { width, height: tall, scale });
    drawing.className = "";
    if (!drawing.isConnected) purgeCopies(drawing); // the reader has turned to another slide
    return;
  }
  if (slide.drawing) slide.parts = [copyOf(slide.drawing)];
  const content = element("div", slide.isTable ? "content table-scroll" : "content", ...slide.parts);
  body.replaceChildren(content);
  const isCut = () => body.scrollWidth > body.clientWidth || body.scrollHeight > body.clientHeight;
  for (let zoom = LARGEST; zoom > SMALLEST; zoom -= 0.1) {
    content.style.zoom = zoom;
    if (!isCut()) return;
  }
  if (slide.isTable) leaveOutRows(content, isCut);
}

// Takes the last rows of a table away until a slide holds it, and says so.
function leaveOutRows(content, isCut) {
  const rows = [...content.querySelectorAll("tbody tr")];
  const [count, note] = [rows.length, element("p", "quiet")];
  content.append(note);
  while (rows.length > 1 && isCut()) {
    rows.pop().remove();
    note.textContent = `The first ${rows.length} of ${count} rows. The page has all.`;
  }
}

export async function present() {
  const page = document.querySelector("[data-testid=stMain]");
  const slides = slidesOf(page);
  const title = element("h2");
  const names = ["section", "line", "notes", "note", "body", "counter"];
  const [section, line, notes, note, body, counter] = names.map((name) => element("div", name));
  const [back, on, leave] = [["Previous", -1], ["Next", 1], ["Close", 0]].map(([label, step]) => {
    const button = element("button", "button", label);
    button.type = "button";
    button.addEventListener("click", () => (step ? turn(step) : dialog.close()));
    return button;
  });
  const bar = element("div", "bar", note, counter, back, on, leave);
  const dialog = element("dialog", "present html-view", section, title, line, body, notes, bar);
  const synthetic = words(page.querySelector(".banner.synthetic"));
  // at the foot of every slide but the first, which has all filters in its line
  const scopeOf = (slide) => [slides[0].title, ...(slide.scope ? [slide.scope] : chosenFilters())].join(" · ");
  dialog.setAttribute("aria-label", `Presentation: ${slides[0].title}`);
  title.tabIndex = -1;
  let here = 0;

  async function show(index) {
    here = Math.max(0, Math.min(slides.length - 1, index));
    const slide = slides[here];
    dialog.classList.toggle("opening", here === 0);
    section.textContent = slide.section ?? "";
    title.replaceChildren(element("span", "visually-hidden", `Slide ${here + 1} of ${slides.length}: `), slide.title);
    line.textContent = slide.line ?? "";
    notes.textContent = slide.notes.join(" ");
    note.textContent = [here ? scopeOf(slide) : "", synthetic].filter(Boolean).join(". ");
    counter.textContent = `${here + 1} / ${slides.length}`;
    [back.disabled, on.disabled] = [here === 0, here === slides.length - 1];
    title.focus();
    await fill(body, slide);
  }
  const turn = (step) => show(here + step);

  dialog.addEventListener("keydown", (event) => {
    const isOnButton = document.activeElement.nodeName === "BUTTON" && [" ", "Enter"].includes(event.key);
    if (isOnButton || event.ctrlKey || event.metaKey || event.altKey) return;
    const target = NEXT.includes(event.key) ? here + 1 : PREVIOUS.includes(event.key) ? here - 1
      : event.key === "Home" ? 0 : event.key === "End" ? slides.length - 1 : null;
    if (target === null) return;
    event.preventDefault();
    show(target);
  });
  const refit = () => fill(body, slides[here]);
  const whenFullScreenEnds = () => document.fullscreenElement || dialog.close(); // the browser's own Escape
  dialog.addEventListener("close", () => {
    removeEventListener("resize", refit);
    document.removeEventListener("fullscreenchange", whenFullScreenEnds);
    purgeCopies(dialog);
    dialog.remove();
    if (document.fullscreenElement) document.exitFullscreen();
    page.querySelector(".share > summary")?.focus();
    announce("Presentation closed.");
  });
  document.querySelector("[data-testid=stApp]").append(dialog);
  try {
    await document.documentElement.requestFullscreen(); // first: what becomes full screen later would cover the slides
    document.addEventListener("fullscreenchange", whenFullScreenEnds);
  } catch {
    // the browser refuses: the slides fill the window
  }
  dialog.showModal();
  addEventListener("resize", refit);
  show(0);
}
