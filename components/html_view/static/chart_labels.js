// The values that stand at the marks of a chart, as one trace of text. Figures have them as annotations, and Plotly measures each
// annotation by itself: that took a third to a half of a chart's first drawing. Text of a trace is not measured.
const SIDE = { left: "right", right: "left" }; // of its place that a text is on, by its anchor
const LEVEL = { bottom: "top", top: "bottom" };

const isNumeric = (axis) => axis?.range?.every?.((end) => typeof end === "number");

// A text at a mark, or in a column next to the plot, whose distance a mark's radius can express. A reason on several lines stays an
// annotation: its background hides the line to compare with, which would cross the words.
function isLabel({ text, xref, yref, showarrow, xanchor, xshift = 0, yshift }) {
  if (!xref && text.includes("<br>")) return false;
  const isAway = !xshift || (xanchor === "left" && xshift > 0) || (xanchor === "right" && xshift < 0);
  return !showarrow && !yshift && (!xref || xref === "paper") && !yref && isAway;
}

// The traces and the layout of a chart with its labels as the last trace.
export function withLabels(data, layout) {
  const { xaxis, yaxis, annotations = [] } = layout;
  const labels = isNumeric(xaxis) && isNumeric(yaxis) ? annotations.filter(isLabel) : [];
  if (!labels.length) return { data, layout };
  const [low, high] = xaxis.range;
  const trace = {
    type: "scatter", mode: "markers+text", hoverinfo: "skip", cliponaxis: false,
    x: labels.map(({ x, xref }) => (xref ? [low, high][x] ?? low + x * (high - low) : x)),
    y: labels.map(({ y }) => y),
    text: labels.map(({ text }) => text),
    textposition: labels.map(({ xanchor, yanchor }) => `${LEVEL[yanchor] ?? "middle"} ${SIDE[xanchor] ?? "center"}`),
    textfont: { size: labels.map(({ font }) => font.size) },
    // Plotly puts text this far from its place: the radius of a mark, here not seen, over 0.8, and a pixel. Annotations have two more.
    // A text above its place stands on the column there, which it must not touch.
    marker: { opacity: 0, size: labels.map(({ xshift = 0, yanchor }) => (xshift ? 1.6 * (Math.abs(xshift) + 1) : yanchor === "bottom" ? 4 : 0)) },
  };
  return { data: [...data, trace], layout: { ...layout, annotations: annotations.filter((each) => !labels.includes(each)) } };
}

const WIDE = 720; // pixels, from which a chart has room for long names
const PER_LETTER = 26; // pixels of its width for each letter of a line there
const [LETTER, GAP] = [7.4, 12]; // pixels: the width of a letter, on the safe side, and between a name and its bar

// Words on lines of at most this many letters.
function lines(words, longest) {
  const result = [];
  for (const word of words) {
    const longer = `${result.at(-1)} ${word}`;
    if (result.length && longer.length <= longest) result[result.length - 1] = longer;
    else result.push(word);
  }
  return result;
}

const NARROW = 310; // pixels, under which a chart has smaller text, so that its marks have room: at 400% on a laptop
const SMALLER = 12 / 14;

// Labels above a plot whose left margin changes: a legend stays at the left edge of its chart.
const kept = (annotations, before, after) =>
  annotations?.map((each) => (each.xref === "paper" && each.x === 0 && each.xshift < 0 ? { ...each, xshift: each.xshift + before - after } : each));

// The layout of a chart that fits a very narrow place.
export function withRoom(layout, width) {
  if (width >= NARROW) return layout;
  const { margin, font, yaxis, annotations } = layout;
  const [l, r] = [margin.l * SMALLER, GAP + (margin.r - GAP) * SMALLER];
  const smaller = (each) => ({ ...each, size: Math.round(each.size * SMALLER) });
  return {
    ...layout,
    font: smaller(font),
    margin: { ...margin, l, r },
    yaxis: yaxis?.tickfont ? { ...yaxis, tickfont: smaller(yaxis.tickfont) } : yaxis,
    annotations: kept(annotations, margin.l, l)?.map((each) => ({ ...each, font: smaller(each.font) })),
  };
}

// The layout of a chart whose names take fewer lines where it is wide: figures have them on the short lines of a phone.
export function withWideNames(layout, width) {
  const names = layout.yaxis?.ticktext;
  if (width < WIDE || !names?.some((name) => name.includes("<br>"))) return layout;
  const wrapped = names.map((name) => lines(name.split(/<br>| /), width / PER_LETTER));
  const widest = Math.max(...wrapped.flat().map((line) => line.length));
  const l = Math.max(layout.margin.l, Math.round(widest * LETTER) + GAP);
  return { ...layout, annotations: kept(layout.annotations, layout.margin.l, l), margin: { ...layout.margin, l }, yaxis: { ...layout.yaxis, ticktext: wrapped.map((each) => each.join("<br>")) } };
}
