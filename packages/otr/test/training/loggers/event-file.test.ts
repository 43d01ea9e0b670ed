import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { fileHeader, summaryRecord } from "../../../src/training/loggers/event-file.js";

// By TensorBoard's own writer: test/peers/tensorboard_events.py.
const reference: { time: number } & Record<string, string> = JSON.parse(
  readFileSync(new URL("../../references/tensorboard-events.json", import.meta.url), "utf8"),
);
const { time } = reference;
const base64 = (bytes: Buffer) => bytes.toString("base64");

it("begins a file as TensorBoard's writer does, and withdraws steps", () => {
  expect(base64(fileHeader(time, null))).toBe(reference.header);
  expect(base64(fileHeader(time, 300))).toBe(reference.purged);
  expect(base64(fileHeader(time, 0))).toBe(reference.purgedZero);
});

it("writes scalars as TensorBoard's writer does", () => {
  const values = [
    { tag: "train/loss", value: -0.1 },
    { tag: "eval/Zoë", value: 0 },
    { tag: "large", value: Number.POSITIVE_INFINITY },
  ];
  expect(base64(summaryRecord({ time, step: 129 }, values))).toBe(reference.scalars);
  expect(base64(summaryRecord({ time, step: 2 ** 40 }, [{ tag: "loss", value: 1.5 }]))).toBe(
    reference.manySteps,
  );
});

it("writes text as TensorBoard's writer does", () => {
  const value = `    {}\n${"日".repeat(200)}`;
  expect(base64(summaryRecord({ time, step: 0 }, [{ tag: "args", value }]))).toBe(reference.text);
});
