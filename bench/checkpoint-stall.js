/**
 * @file `node bench/checkpoint-stall.js --model DIR [--every 4]`: how long the steps wait for a checkpoint. Each step
 * that saves is paired with the one before it, and with the one behind it; what it takes longer is compared to one copy of
 * the state in memory. Rows are random and of one length, the model has its shape and random weights.
 */
import { join } from "node:path";
import { aten, noGrad, scope, zeros } from "@one-token/torch";
import { alternate, measure, shown, summarize } from "./alternate.js";
import { makeModelFolder, withFolder, writeRows } from "./random-rows.js";
import { oneRun, readSettings, runArguments } from "./settings.js";

const settings = readSettings(
  "node bench/checkpoint-stall.js --model DIR [--every 4] [--steps 16] [--row-length 256] [--batch N] [--threads N] [--fp32]",
  { needed: ["model"], further: { every: "4", steps: "16", "row-length": "256" } },
);
const every = Number(settings.every);
const length = Number(settings["row-length"]);

withFolder((folder) => {
  const { folder: model, config } = makeModelFolder(join(folder, "model"), settings.model);
  const count = (Number(settings.steps) + Number(settings.warm)) * Number(settings.batch);
  const data = writeRows(join(folder, "rows.jsonl"), { count, length, vocabulary: config.vocab_size });
  const arguments_ = runArguments(settings, { model, data, "max-length": length });
  const run = (...more) => measure(process.execPath, [oneRun(), ...arguments_, ...more]);
  run(); // makes the weights
  const runs = alternate(
    { saving: () => run("--save-every", settings.every) },
    Number(settings.alternations),
  ).map(({ saving }) => saving);

  // The weights, and the two moments of AdamW, all in float32.
  const stateBytes = 3 * Float32Array.BYTES_PER_ELEMENT * runs[0].parameters;
  const copy = secondsOfCopy(stateBytes);
  const pairs = runs.flatMap(({ seconds }) => pairsOf(seconds));
  const table = {
    "the step that saves / a step": summarize(pairs.map(({ saves, usual }) => saves / usual)),
    "the step behind it / a step": summarize(pairs.map(({ behind, usual }) => behind / usual)),
    "wait / one copy of the state": summarize(pairs.map(({ saves, usual }) => (saves - usual) / copy)),
  };
  for (const [what, row] of Object.entries(table)) console.error(`${what.padEnd(30)} ${shown(row)}`);
  console.error(
    `the state is ${(stateBytes / 1e6).toFixed(0)} MB, and one copy of it takes ${copy.toFixed(4)} s`,
  );
  console.log(JSON.stringify({ settings, stateBytes, copy, table, runs }));
});

/** Seconds of each step that saves, of the one before it, and of the one behind it, whose machine still writes. */
function pairsOf(seconds) {
  return seconds.flatMap((saves, index) => {
    // A step is timed from the end of the one before, so a save after step N falls into step N + 1.
    const isSaving = (index + Number(settings.warm)) % every === 0;
    const [usual, behind] = [seconds[index - 1], seconds[index + 1]];
    return isSaving && usual && behind ? { usual, saves, behind } : [];
  });
}

/** Median seconds that a copy of so many bytes takes, into memory that is fresh as that of a save. */
function secondsOfCopy(bytes) {
  const times = noGrad(() =>
    scope(() => {
      const state = zeros([bytes / Float32Array.BYTES_PER_ELEMENT]).add(1);
      return Array.from({ length: 3 }, () => {
        const start = performance.now();
        // Kept until the end: the next one must not have its memory.
        aten.clone(state);
        return (performance.now() - start) / 1000;
      });
    }),
  );
  return summarize(times).median;
}
