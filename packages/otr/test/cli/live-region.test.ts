import { expect, it } from "vitest";
import { LiveRegion } from "../../src/cli/live-region.js";
import { Screen } from "./screen.js";

it("draws lines over themselves, fewer or more than before, and leaves what stands above", () => {
  const screen = new Screen(80);
  const region = new LiveRegion(screen);
  screen.write("above\n");
  region.draw(["one", "two", "three"]);
  region.draw(["1", "2"]);
  region.draw(["a", "b", "c", "d"]);
  expect(screen.lines).toEqual(["above", "a", "b", "c", "d"]);
  region.clear();
  screen.write("said\n");
  region.draw(["e"]);
  expect(screen.lines).toEqual(["above", "said", "e"]);
  region.clear();
  region.clear();
  expect(screen.lines).toEqual(["above", "said", ""]);
});

it("cuts lines to the terminal, one column free", () => {
  const screen = new Screen(20);
  new LiveRegion(screen).draw(["x".repeat(50), "▁".repeat(50)]);
  expect(screen.lines).toEqual(["x".repeat(19), "▁".repeat(19)]);
});

it("leaves nothing behind where the terminal becomes narrower or wider between drawings", () => {
  const screen = new Screen(80);
  const region = new LiveRegion(screen);
  screen.write("above\n");
  for (const columns of [80, 40, 13, 5, 1, 2, 60, 80, 33]) {
    screen.columns = columns;
    region.draw(["curve ".repeat(10), "bar ".repeat(10)]);
    expect(screen.lines).toHaveLength(3);
    expect(screen.lines[0]).toBe("above");
    expect(Math.max(...screen.visible.slice(1).map(({ length }) => length))).toBeLessThanOrEqual(columns);
  }
});

it("shows the last lines where the terminal is low", () => {
  const screen = new Screen(80);
  screen.rows = 2;
  new LiveRegion(screen).draw(["curve", "bar", "numbers"]);
  expect(screen.lines).toEqual(["numbers"]);
});
