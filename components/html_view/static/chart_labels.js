// The values that stand at the marks of a chart, as one trace of text. Figures have them as annotations, and Plotly measures each
// annotation by itself: that took a third to a half of a chart's first drawing. Text of a trace is not measured.
const SIDE = { left: "right", right: "left" }; // of its place that a text is on, by its anchor
const LEVEL = { bottom: "top", top: "bottom" };

const isNumeric = (axis) => axis?.range?.every?.((end) => typeof end === "number");

// A text at a mark, or in a column next to the plot, whose distance a mark's radius can express.
function isLabel({ xref, yref, showarrow, xanchor, xshift = 0, yshift }) {
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
