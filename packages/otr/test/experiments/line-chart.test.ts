import { expect, it } from "vitest";
import { lineChart } from "../../src/experiments/line-chart.js";

const chart = { title: "a <chart>", xLabel: "x", yLabel: "y", xScale: "log" } as const;

it("draws each line in its colour and marks a point", () => {
  const svg = lineChart({
    ...chart,
    series: [
      {
        name: "one",
        color: 0,
        marked: 1e-4,
        points: [
          [1e-5, 0.1],
          [1e-4, 0.4],
          [1e-3, 0.2],
        ],
      },
      { name: "two", color: 9, points: [[1e-5, 0.3]] },
    ],
  });
  // Decades are equally far apart.
  expect(svg).toContain('<polyline class="c0" points="56,216 302,12 548,148"/>');
  expect(svg).toContain('<circle class="c0 marked" cx="302" cy="12" r="6"><title>one: 0.4 at 1e-4</title>');
  expect(svg).toContain('<polyline class="c1"');
  expect(svg).toContain('aria-label="a &lt;chart&gt;"');
});

it("bears values that are all one, and none at all", () => {
  const flat = lineChart({ ...chart, series: [{ name: "one", color: 0, points: [[1e-5, 1]] }] });
  expect(flat).not.toMatch(/NaN|Infinity/);
  expect(lineChart({ ...chart, series: [] })).toBe("<p>Nothing was measured.</p>");
});
