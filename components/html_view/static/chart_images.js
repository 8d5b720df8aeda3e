// Saves each chart of the page as an SVG file: the drawing in the colors of light mode, with its title above and below it how to read it,
// the page, its date and filters, so that a picture that was sent on says what it shows. Loaded when a reader asks for it.
import { drawingOf } from "./charts.js";
import { announce, scopeLine, words } from "./page_status.js";

const SVG = "http://www.w3.org/2000/svg";
const [MARGIN, WIDTH, LEAST_HEIGHT] = [24, 960, 240]; // pixels
const TITLE = { size: 20, weight: 600, color: "#16202c", letters: 84 };
const SMALL = { size: 13, weight: 400, color: "#566373", letters: 140 };
const BETWEEN = 400; // milliseconds between two files: browsers drop those that come faster

function node(name, attributes, ...children) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

// The text in lines of at most so many letters; words are not split.
export function linesOf(text, most) {
  const lines = [];
  for (const word of text.split(" ").filter(Boolean)) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + word.length < most) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}

// Text elements from this height down, and the height below them.
function textBlock(text, top, { size, weight, color, letters }) {
  const lines = linesOf(text, letters);
  const drawn = lines.map((line, number) => node("text", {
    x: MARGIN, y: top + size * (1 + 1.3 * number), "font-size": size, "font-weight": weight, fill: color,
    "font-family": "Calibri, Arial, sans-serif",
  }, line));
  return { drawn, bottom: top + lines.length * size * 1.3 };
}

// One chart as the text of an SVG file.
export function composed({ drawing, height, title, alternative, reading, line }) {
  const inner = document.importNode(new DOMParser().parseFromString(drawing, "image/svg+xml").documentElement, true);
  const heading = textBlock(title, MARGIN, TITLE);
  inner.setAttribute("x", MARGIN);
  inner.setAttribute("y", heading.bottom + 8);
  const below = textBlock(reading, heading.bottom + 8 + height + 8, SMALL);
  const foot = textBlock(line, below.bottom + 4, SMALL);
  const size = { width: WIDTH + 2 * MARGIN, height: Math.ceil(foot.bottom + MARGIN) };
  const picture = node("svg", { ...size, viewBox: `0 0 ${size.width} ${size.height}`, role: "img", "xml:lang": "en-US" },
    node("title", {}, title), node("desc", {}, alternative), node("rect", { width: "100%", height: "100%", fill: "#ffffff" }),
    ...heading.drawn, inner, ...below.drawn, ...foot.drawn);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(picture)}`;
}

// "2026-11-13_regions_by-town.svg": the parts that files of tables start with.
export function fileName(prefix, name) {
  return `${prefix}_${name}`.replace(/[^\w-]+/g, "-").slice(0, 120) + ".svg";
}

function save(name, text) {
  const href = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
  Object.assign(document.createElement("a"), { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), 10_000);
}

export async function saveImages(prefix) {
  const charts = [...document.querySelectorAll("[data-testid=stMain] section.chart")].filter((section) => section.querySelector(".plot"));
  if (!charts.length) return announce("This page has no chart to save as an image.");
  announce(charts.length === 1 ? "Making 1 image." : `Making ${charts.length} images.`);
  const synthetic = document.querySelector(".banner.synthetic") ? "Synthetic data" : "";
  const heading = words(document.querySelector("[data-testid=stMain] h1"));
  let saved = 0;
  for (const section of charts) {
    const place = section.querySelector(".plot");
    const height = Math.max(place.clientHeight, LEAST_HEIGHT);
    const drawing = await drawingOf(place, WIDTH, height).catch((error) => console.warn("A chart could not be saved", error));
    if (!drawing) continue;
    const title = words(section.querySelector("h3"));
    const reading = [...section.querySelectorAll(":scope > :is(.section-words, .quiet)")].map(words).join(" ");
    const line = [heading, section.dataset.scope ?? scopeLine(), synthetic].filter(Boolean).join(" · ");
    save(fileName(prefix, place.dataset.plot), composed({ drawing, height, title, alternative: place.ariaLabel ?? "", reading, line }));
    saved += 1;
    await new Promise((done) => setTimeout(done, BETWEEN));
  }
  announce(`Saved ${saved} of ${charts.length} charts as images.`);
}
