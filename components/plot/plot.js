// Draws one Plotly figure where Streamlit puts this component, and keeps it: a new figure is drawn into the chart that is
// there, the same figure is left alone. What stands in `data`: figure (JSON), words (the text alternative), library (address).
const charts = new WeakMap();
const CONFIG = { displayModeBar: false, scrollZoom: false, doubleClick: false, showTips: false };
let library = null;

// Two frames later: the words and numbers of a page are painted before the big script is run.
const painted = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));

function append(tag, attributes) {
  const element = Object.assign(document.createElement(tag), attributes);
  document.head.append(element);
  return element;
}

// Plotly, asked for once by whichever chart is first.
function plotly(address) {
  const src = new URL(address, document.baseURI).href;
  library ??= new Promise((done, fail) => {
    append("link", { rel: "preload", as: "script", href: src });
    painted().then(() => append("script", { src, async: true, onload: () => done(window.Plotly), onerror: fail }));
  }).catch((error) => { library = null; throw error; });
  return library;
}

// What figures need not say: fonts and colors of the reader's theme.
function template(place) {
  const style = getComputedStyle(place);
  const of = (name) => style.getPropertyValue(`--st-${name}`).trim();
  const [ink, line] = [of("text-color"), of("border-color")];
  const axis = { automargin: true, gridcolor: line, zerolinecolor: line, tickcolor: line, tickfont: { size: 12 } };
  return {
    data: { scatter: [{ marker: { line: { width: 0 } } }] },
    layout: {
      font: { family: of("font"), color: ink, size: 12 },
      legend: { font: { size: 12 }, borderwidth: 0 },
      hoverlabel: { bgcolor: of("background-color"), bordercolor: line, font: { color: ink, size: 12 } },
      xaxis: { ...axis, showgrid: false, zeroline: false },
      yaxis: axis,
    },
  };
}

function begin(parent) {
  const place = document.createElement("div");
  place.className = "plot";
  place.setAttribute("role", "img");
  parent.append(place);
  const chart = { place, drawn: "", busy: Promise.resolve(), data: null, pick: null };
  chart.observer = new ResizeObserver(() => draw(chart));
  chart.observer.observe(place);
  charts.set(parent, chart);
  return chart;
}

// Draw what stands in the chart now; one drawing after another, and none where nothing changed.
function draw(chart) {
  chart.busy = chart.busy.then(async () => {
    const Plotly = window.Plotly ?? (await plotly(chart.data.library));
    const { place, data } = chart;
    const [width, height] = [place.clientWidth, place.clientHeight];
    const look = template(place);
    const said = `${width} ${height} ${JSON.stringify(look)} ${data.figure}`;
    if (!place.isConnected || !width || !height || said === chart.drawn) return;
    chart.drawn = said;
    const figure = JSON.parse(data.figure);
    await Plotly.react(place, figure.data, { ...figure.layout, width, height, template: look }, CONFIG);
    place.removeAllListeners("plotly_click");
    place.on("plotly_click", ({ points }) => points[0]?.customdata && chart.pick("picked", points[0].customdata));
  }).catch((error) => console.warn("A chart could not be drawn", error));
}

export default function ({ data, parentElement, setTriggerValue }) {
  const chart = charts.get(parentElement) ?? begin(parentElement);
  chart.data = data;
  chart.pick = setTriggerValue;
  chart.place.setAttribute("aria-label", data.words);
  draw(chart);
  return () => {
    chart.observer.disconnect();
    charts.delete(parentElement);
    window.Plotly?.purge(chart.place);
    chart.place.remove();
  };
}
