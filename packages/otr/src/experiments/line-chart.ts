/** @file A chart of lines as SVG that needs nothing else. */
import { formatNumber } from "../config/format-value.js";
import { escapeHtml } from "./escape-html.js";

/** A line of a chart. */
export interface Series {
  readonly name: string;
  /** Which of the page's colours it has, from 0. */
  readonly color: number;
  readonly points: readonly (readonly [x: number, y: number])[];
  /** The x of a point that stands out. */
  readonly marked?: number | null;
}

/** What a chart shows. */
export interface LineChart {
  /** Read out in the place of the picture. */
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly xScale: "linear" | "log";
  readonly series: readonly Series[];
}

/** How many colours the page has; further lines begin with the first again. */
export const COLORS = 8;

const WIDTH = 560;
const HEIGHT = 260;
const LEFT = 56;
const RIGHT = 12;
const TOP = 12;
const BOTTOM = 44;
const TICKS = 5;

/** An `svg` element; a text where there is nothing to draw. */
export function lineChart({ title, xLabel, yLabel, xScale, series }: LineChart): string {
  const points = series.flatMap((line) => line.points);
  if (points.length === 0) return "<p>Nothing was measured.</p>";
  const scaled = xScale === "log" ? Math.log10 : (x: number) => x;
  const [left, right] = extent(points.map(([x]) => scaled(x)));
  const [low, high] = extent(points.map(([, y]) => y));
  const across = (x: number) => LEFT + ((scaled(x) - left) / (right - left)) * (WIDTH - LEFT - RIGHT);
  const up = (y: number) => HEIGHT - BOTTOM - ((y - low) / (high - low)) * (HEIGHT - TOP - BOTTOM);

  const rows = ticks(low, high).map(
    (y) =>
      `<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${round(up(y))}" y2="${round(up(y))}"/>` +
      `<text x="${LEFT - 6}" y="${round(up(y) + 4)}" text-anchor="end">${formatNumber(Number(y.toPrecision(3)))}</text>`,
  );
  const xs = xScale === "log" ? [...new Set(points.map(([x]) => x))] : ticks(left, right);
  const columns = xs.map(
    (x) =>
      `<text x="${round(across(x))}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle">${formatNumber(Number(x.toPrecision(3)))}</text>`,
  );
  const lines = series.map(({ name, color, points: own, marked }) => {
    const path = own.map(([x, y]) => `${round(across(x))},${round(up(y))}`).join(" ");
    const label = (x: number, y: number) =>
      escapeHtml(`${name}: ${formatNumber(Number(y.toPrecision(4)))} at ${formatNumber(x)}`);
    const dots = own
      .filter(([x]) => own.length <= 12 || x === marked)
      .map(
        ([x, y]) =>
          `<circle class="c${color % COLORS}${x === marked ? " marked" : ""}" cx="${round(across(x))}" cy="${round(up(y))}" ` +
          `r="${x === marked ? 6 : 3}"><title>${label(x, y)}</title></circle>`,
      );
    return `<polyline class="c${color % COLORS}" points="${path}"/>${dots.join("")}`;
  });
  return (
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escapeHtml(title)}">${rows.join("")}${columns.join("")}` +
    `<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 6}" text-anchor="middle">${escapeHtml(xLabel)}</text>` +
    `<text transform="translate(12 ${(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)" text-anchor="middle">${escapeHtml(yLabel)}</text>` +
    `${lines.join("")}</svg>`
  );
}

/** The smallest and the largest value, apart even where all are one. */
function extent(values: readonly number[]): [number, number] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  if (high > low) return [low, high];
  const room = Math.max(Math.abs(low) * 0.1, 1e-6);
  return [low - room, high + room];
}

const ticks = (low: number, high: number): number[] =>
  Array.from({ length: TICKS }, (_, at) => low + (at / (TICKS - 1)) * (high - low));

const round = (pixels: number): number => Number(pixels.toFixed(1));
