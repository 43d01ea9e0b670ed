import { mkdtempSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { DataError } from "../../src/errors.js";
import {
  findTornLine,
  METRICS_START,
  type MetricsLine,
  readMetrics,
} from "../../src/training/read-metrics.js";

const path = join(mkdtempSync(join(tmpdir(), "otr-metrics-")), "metrics.jsonl");
const lineOf = (step: number) =>
  `${JSON.stringify({ step, loss: step / 3, note: "日".repeat(step % 90) })}\n`;
const linesOf = (count: number) => Array.from({ length: count }, (_, index) => lineOf(index + 1));

const INVALID = expect.objectContaining({ name: "DataError", code: "METRICS_INVALID" });

/** All lines, and the torn one. */
function readAll(from = METRICS_START) {
  const lines: MetricsLine[] = [];
  const reader = readMetrics(path, from);
  let next = reader.next();
  for (; !next.done; next = reader.next()) lines.push(next.value);
  return { lines, torn: next.value };
}

it("reads lines over the borders of its blocks, and goes on from any place", () => {
  const texts = linesOf(3000);
  writeFileSync(path, texts.join(""));
  const { lines, torn } = readAll();
  expect(torn).toBeNull();
  expect(lines.map(({ values }) => values)).toEqual(texts.map((text) => JSON.parse(text)));
  for (const { end } of [lines[0]!, lines[1499]!, lines[2999]!]) {
    const rest = readAll(end).lines;
    expect(rest).toEqual(lines.slice(end.lines));
  }
});

it("keeps back a line that is not finished, wherever it was torn", () => {
  const whole = linesOf(3).join("");
  const last = Buffer.from(lineOf(4));
  for (let kept = 0; kept < last.length; kept++) {
    writeFileSync(path, Buffer.concat([Buffer.from(whole), last.subarray(0, kept)]));
    const torn = kept === 0 ? null : { line: 4, bytes: kept };
    const all = readAll();
    expect(all.lines).toHaveLength(3);
    expect(all.torn).toEqual(torn);
    expect(findTornLine(path)).toEqual(torn);
  }
});

it("says which line no run wrote", () => {
  for (const bad of [
    "",
    "{",
    "7",
    "null",
    "[]",
    '{"loss": 1}',
    '{"step": -1}',
    '{"step": 1.5}',
    '{"step":1}{"step":2}',
  ]) {
    writeFileSync(path, `${lineOf(1)}${bad}\n${lineOf(2)}`);
    expect(() => readAll()).toThrow(INVALID);
    expect(() => readAll()).toThrow(`${path}:2 is no JSON`);
  }
});

it("does not take a file without line breaks into memory", () => {
  writeFileSync(path, lineOf(1));
  truncateSync(path, 2 ** 32);
  const began = performance.now();
  expect(() => readAll()).toThrow(INVALID);
  expect(performance.now() - began).toBeLessThan(2000);
});

it("reads or refuses whatever stands in the file", () => {
  const texts = Buffer.from(linesOf(20).join(""));
  let state = 7;
  const draw = (below: number) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  let refused = 0;
  for (let round = 0; round < 1000; round++) {
    const bytes = Buffer.from(texts.subarray(0, draw(texts.length + 1)));
    for (let change = draw(4); change > 0 && bytes.length > 0; change--) {
      const at = draw(bytes.length);
      if (draw(2) === 0) bytes[at] = draw(256);
      else bytes.copy(bytes, at, draw(bytes.length));
    }
    writeFileSync(path, bytes);
    try {
      const { lines, torn } = readAll();
      expect((lines.at(-1)?.end.bytes ?? 0) + (torn?.bytes ?? 0)).toBe(bytes.length);
    } catch (error) {
      expect(error).toBeInstanceOf(DataError);
      refused += 1;
    }
  }
  expect(refused).toBeGreaterThan(50);
});
