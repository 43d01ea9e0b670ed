/** @file Kinds of run, alternating, so that whatever else the machine does meets all alike. */
import { spawnSync } from "node:child_process";

/** Runs a program and returns the JSON line that it prints last. */
export function measure(command, args) {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: "utf8" });
  if (status === 0) return JSON.parse(stdout.trim().split("\n").at(-1));
  throw new Error(`${command} ${args.join(" ")} ended with ${status}:\n${stderr.slice(-2000)}`);
}

/**
 * Rounds of measurements; the order of a round is the reverse of the one before.
 *
 * @param {Record<string, () => object>} sides functions by name
 */
export function alternate(sides, times) {
  const names = Object.keys(sides);
  return Array.from({ length: times }, (_, index) => {
    const order = index % 2 === 0 ? names : [...names].reverse();
    const round = Object.fromEntries(order.map((name) => [name, sides[name]()]));
    const seconds = names
      .filter((name) => round[name].step_s !== undefined)
      .map((name) => `${name} ${round[name].step_s.toFixed(3)} s a step`);
    console.error(`${index + 1}: ${seconds.join(", ")}`);
    return round;
  });
}

/** Median, smallest and largest (of five these two hold the true median with a probability of 94 %). */
export function summarize(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length / 2;
  const median = sorted.length % 2 === 1 ? sorted[Math.floor(half)] : (sorted[half - 1] + sorted[half]) / 2;
  return { median, low: sorted[0], high: sorted.at(-1) };
}

/** A summary for people. */
export const shown = ({ median, low, high }) =>
  `${median.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`;

/**
 * Ratios of the first side to the second, pair by pair, as a table on standard error and as one JSON line.
 *
 * @param {object[]} pairs of {@link alternate}
 * @param {Record<string, string>} fields what to compare, by its name for people
 */
export function report(pairs, fields, settings) {
  const [first, second] = Object.keys(pairs[0]).sort();
  const summary = Object.entries(fields).map(([what, field]) => ({
    what,
    ...summarize(pairs.map((pair) => pair[first][field] / pair[second][field])),
  }));
  for (const row of summary) console.error(`${row.what.padEnd(28)} ${first} / ${second}: ${shown(row)}`);
  console.log(JSON.stringify({ settings, summary, pairs }));
}
