// What a reader does with a page in the browser itself: copy its link or a sentence, print it, present it, skip to it or further down.
import { announce, focusHeading, scopeLine } from "./page_status.js";

// Copy text, and say so on the button for a moment.
export async function copy(button, text) {
  button.dataset.label ??= button.textContent;
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
  } catch {
    button.textContent = "Your browser does not allow copying"; // nor does it on a site without HTTPS
  }
  announce(button.textContent);
  setTimeout(() => (button.textContent = button.dataset.label), 1500);
}

export const commands = {
  "copy-link": (button) => copy(button, location.href),
  print: (button) => {
    close(button);
    print();
  },
  present: async (button) => {
    close(button);
    const { present } = await import("./present.js"); // few readers need it
    present();
  },
  images: async (button) => {
    close(button);
    const { saveImages } = await import("./chart_images.js"); // few readers need it
    saveImages(button.dataset.prefix);
  },
  skip: focusHeading,
  jump: ({ dataset }) => {
    const target = document.querySelector(`[data-name="${dataset.to}"]`);
    if (!target) return;
    // a table without a title stands under the heading of its section, with words and buttons between them
    const above = [...document.querySelectorAll("[data-testid=stMain] h2")];
    const before = above.filter((h2) => h2.compareDocumentPosition(target) & Node.DOCUMENT_POSITION_FOLLOWING);
    const place = target.querySelector("h3") ? target : (before.pop() ?? target);
    place.tabIndex = -1;
    place.focus({ preventScroll: true });
    place.scrollIntoView();
  },
};

// Close the menu that a button is in, and put the focus on what opens it.
export function close(button) {
  const menu = button.closest("details");
  menu.open = false;
  menu.querySelector("summary").focus();
}

// On every sheet: the page, its date and filters, and the sheet's number. The margins of a sheet are reached only by a style sheet.
const sheet = document.head.appendChild(document.createElement("style"));

addEventListener("beforeprint", () => {
  const parts = [document.querySelector(".banner.synthetic") ? "Synthetic data" : "", scopeLine()];
  sheet.textContent = `@page {
    @top-left { padding-right: 5mm; content: ${JSON.stringify(document.querySelector("[data-testid=stMain] h1")?.textContent ?? "")}; }
    @top-right { content: ${JSON.stringify(parts.filter(Boolean).join(" · "))}; }
    @bottom-right { content: "Page " counter(page) " of " counter(pages); }
  }`;
});
