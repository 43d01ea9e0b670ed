/** @file Two kinds of run, alternating, so that whatever else the machine does meets both alike. */
import { spawnSync } from "node:child_process";

/** Runs a program and returns the JSON line that it prints last. */
export function measure(command, args) {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: "utf8" });
  if (status === 0) return JSON.parse(stdout.trim().split("\n").at(-1));
  throw new Error(`${command} ${args.join(" ")} ended with ${status}:\n${stderr.slice(-2000)}`);
}

/**
 * Pairs of measurements; which of the two comes first changes from pair to pair.
 *
 * @param {Record<string, () => object>} sides two functions by name
 */
export function alternate(sides, times) {
  const names = Object.keys(sides);
  return Array.from({ length: times }, (_, index) => {
    const order = index % 2 === 0 ? names : [...names].reverse();
    const pair = Object.fromEntries(order.map((name) => [name, sides[name]()]));
    const rates = names.map((name) => `${name} ${pair[name].tokens_per_s.toFixed(0)} tokens/s`);
    console.error(`${index + 1}: ${rates.join(", ")}`);
    return pair;
  });
}

/**
 * Ratios of the first side to the second, pair by pair: median, smallest and largest (of five pairs these two hold the
 * true median with a probability of 94 %). Printed as a table on standard error and as one JSON line.
 *
 * @param {object[]} pairs of {@link alternate}
 * @param {Record<string, string>} fields what to compare, by its name for people
 */
export function report(pairs, fields, settings) {
  const [first, second] = Object.keys(pairs[0]).sort();
  const summary = Object.entries(fields).map(([what, field]) => {
    const ratios = pairs.map((pair) => pair[first][field] / pair[second][field]).sort((a, b) => a - b);
    const half = ratios.length / 2;
    const median = ratios.length % 2 === 1 ? ratios[Math.floor(half)] : (ratios[half - 1] + ratios[half]) / 2;
    return { what, median, low: ratios[0], high: ratios.at(-1) };
  });
  for (const { what, median, low, high } of summary) {
    const numbers = [median, low, high].map((ratio) => ratio.toFixed(3));
    console.error(`${what.padEnd(28)} ${first} / ${second}: ${numbers[0]} (${numbers[1]} to ${numbers[2]})`);
  }
  console.log(JSON.stringify({ settings, summary, pairs }));
}
