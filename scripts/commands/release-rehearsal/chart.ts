import { escapeMarkup } from "../../internal/markup";
import type { Load, LoadInterval } from "./load";

/** Size of the picture and of its two panels, in pixels. */
const WIDTH = 760;
const PANEL = { left: 64, width: 560, height: 160, tops: [72, 292] as const };
const HEIGHT = 490;
/** Points of a curve at most. */
const POINTS = 280;

/** What is drawn. */
export interface ChartConfig {
  readonly title: string;
  readonly before: Load;
  readonly after: Load;
}

/** A panel's values, interval by interval. */
interface Curves {
  readonly heading: string;
  readonly before: readonly number[];
  readonly after: readonly number[];
}

/**
 * Draws the application's load over time, before and after, as an SVG of its own: no script, no font, no file besides it. The curves are
 * told apart by their form too, not by colour alone; colours follow the reader's light or dark theme; title and description say what is
 * seen to who cannot see it. The scale goes by powers of ten, as the two are far apart.
 */
export function chartOf({ title, before, after }: ChartConfig): string {
  const length = Math.max(60, Math.ceil(before.seconds / POINTS));
  const [today, behind] = [before.intervals(length), after.intervals(length)];
  const perSecond = ({ requests, seconds }: LoadInterval) => requests / seconds;
  const megabits = ({ bytes, seconds }: LoadInterval) => (bytes * 8) / 1e6 / seconds;
  const panels: readonly Curves[] = [
    { heading: "Requests per second", before: today.map(perSecond), after: behind.map(perSecond) },
    { heading: "Mbit per second", before: today.map(megabits), after: behind.map(megabits) },
  ];
  const hours = (today.length * length) / 3600;
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-labelledby="title description">`,
    `<title id="title">${escapeMarkup(title)}</title>`,
    `<desc id="description">${escapeMarkup(describe(panels, length))}</desc>`,
    `<style>${STYLE}</style>`,
    `<rect class="page" width="${WIDTH}" height="${HEIGHT}"/>`,
    `<text class="title" x="${PANEL.left}" y="28">${escapeMarkup(title)}</text>`,
    ...panels.flatMap((panel, index) => drawPanel(panel, PANEL.tops[index] ?? 0, hours)),
    "</svg>",
  ].join("\n")}\n`;
}

const STYLE = [
  "text{font:12px system-ui,sans-serif;fill:#1f2328}",
  ".page{fill:#fff}.title{font-size:15px;font-weight:600}.heading{font-weight:600}",
  ".grid{stroke:#d1d9e0}.before,.after{fill:none;stroke-width:2}",
  ".before{stroke:#b35900}.after{stroke:#0550ae;stroke-dasharray:5 3}",
  ".of-before{fill:#b35900}.of-after{fill:#0550ae}",
  "@media(prefers-color-scheme:dark){text{fill:#e6edf3}.page{fill:#0d1117}.grid{stroke:#3d444d}",
  ".before{stroke:#f0883e}.after{stroke:#79c0ff}.of-before{fill:#f0883e}.of-after{fill:#79c0ff}}",
].join("");

function drawPanel({ heading, before, after }: Curves, top: number, hours: number): string[] {
  const [low, high] = decadesOf([...before, ...after]);
  const bottom = top + PANEL.height;
  const y = (value: number) => {
    const share = value <= 0 ? 0 : (Math.log10(value) - low) / (high - low);
    return bottom - Math.max(0, Math.min(1, share)) * PANEL.height;
  };
  const x = (index: number) => PANEL.left + (index / Math.max(1, before.length - 1)) * PANEL.width;
  const curve = (name: string, values: readonly number[]) =>
    `<polyline class="${name}" points="${values.map((value, index) => `${x(index).toFixed(1)},${y(value).toFixed(1)}`).join(" ")}"/>`;
  const label = (name: string, text: string, at: number) =>
    `<text class="of-${name}" x="${PANEL.left + PANEL.width + 8}" y="${at}">${text}</text>`;
  const decades = Array.from({ length: high - low + 1 }, (_, index) => low + index);
  const marks = Array.from({ length: 5 }, (_, index) => index / 4);
  return [
    `<text class="heading" x="${PANEL.left}" y="${top - 10}">${heading}</text>`,
    ...decades.flatMap((decade) => {
      const at = y(10 ** decade);
      return [
        `<line class="grid" x1="${PANEL.left}" x2="${PANEL.left + PANEL.width}" y1="${at.toFixed(1)}" y2="${at.toFixed(1)}"/>`,
        `<text x="${PANEL.left - 8}" y="${(at + 4).toFixed(1)}" text-anchor="end">${shortNumber(10 ** decade)}</text>`,
      ];
    }),
    ...marks.map((share) => {
      const at = PANEL.left + share * PANEL.width;
      return `<text x="${at}" y="${bottom + 18}" text-anchor="middle">${shortNumber(hours * share)} h</text>`;
    }),
    curve("before", before),
    curve("after", after),
    label("before", "without CloudFront", top + 12),
    label("after", "behind CloudFront", top + 30),
  ];
}

/** Powers of ten that hold the values: at most six, the largest ones. */
function decadesOf(values: readonly number[]): [number, number] {
  const seen = values.filter((value) => value > 0);
  if (seen.length === 0) return [0, 1];
  const high = Math.ceil(Math.log10(seen.reduce((most, value) => Math.max(most, value))));
  const low = Math.floor(Math.log10(seen.reduce((least, value) => Math.min(least, value))));
  return [Math.max(Math.min(low, high - 1), high - 6), high];
}

function describe(panels: readonly Curves[], length: number): string {
  const most = (values: readonly number[]) =>
    shortNumber(values.reduce((all, value) => Math.max(all, value), 0));
  const parts = panels.map(
    ({ heading, before, after }) =>
      `${heading}: at most ${most(before)} without CloudFront, ${most(after)} behind it.`,
  );
  return `Load of the application over time, as means of ${length} seconds, by powers of ten. ${parts.join(" ")}`;
}

function shortNumber(value: number): string {
  return String(Number(value.toPrecision(3)));
}
