/**
 * @file `node bench/otr-against-sft.js --model DIR --data FILE.jsonl`: what a step of One-Token Rollout costs beside one
 * of supervised fine-tuning, for each number of samples K. With `--vocabularies 8192,32768`: on models of the same shape
 * with these vocabularies, random weights and random rows, for which `--data` is not needed.
 */
import { join } from "node:path";
import { alternate, measure, shown, summarize } from "./alternate.js";
import { makeModelFolder, withFolder, writeRows } from "./random-rows.js";
import { numbers, oneRun, readSettings, runArguments, STEP_COSTS } from "./settings.js";

const hasVocabularies = process.argv.includes("--vocabularies");
const settings = readSettings(
  "node bench/otr-against-sft.js --model DIR (--data FILE.jsonl | --vocabularies 8192,32768,65536,151936 [--length N]) " +
    "[--samples 16,64,256,1024,4096] [--threads N] [--device cuda] [--fp32] [--checkpointing]",
  {
    needed: hasVocabularies ? ["model", "vocabularies"] : ["model", "data"],
    further: { samples: "256", length: "170" },
  },
);
const samples = numbers(settings.samples);
const sideOf = (count) => `K = ${count}`;

const results = hasVocabularies
  ? numbers(settings.vocabularies).map((vocabulary) =>
      withFolder((folder) => {
        const changes = { vocab_size: vocabulary };
        const model = makeModelFolder(join(folder, "model"), settings.model, changes).folder;
        const count = (Number(settings.steps) + Number(settings.warm)) * Number(settings.batch);
        const rows = { count, length: Number(settings.length), vocabulary };
        const data = writeRows(join(folder, "rows.jsonl"), rows);
        return { vocabulary, ...compare({ model, data }) };
      }),
    )
  : [compare({})];
console.log(JSON.stringify({ settings, results }));

/** Ratios to SFT for each K, and how much dearer the most samples are than the fewest. */
function compare(changes) {
  const run = (loss, count) => () => {
    const drawn = count === undefined ? [] : ["--samples", String(count)];
    return measure(process.execPath, [oneRun(), ...runArguments(settings, { ...changes, loss }), ...drawn]);
  };
  const sides = { sft: run("nll") };
  for (const count of samples) sides[sideOf(count)] = run("otr", count);
  sides.sft();
  const rounds = alternate(sides, Number(settings.alternations));
  const ratio = (field, a, b) => summarize(rounds.map((round) => round[a][field] / round[b][field]));
  const summary = samples.flatMap((count) =>
    Object.entries(STEP_COSTS).map(([what, field]) => ({
      samples: count,
      what,
      ...ratio(field, sideOf(count), "sft"),
    })),
  );
  for (const row of summary) {
    console.error(`K = ${String(row.samples).padEnd(6)} ${row.what.padEnd(28)} otr / sft: ${shown(row)}`);
  }
  const [fewest, most] = [Math.min(...samples), Math.max(...samples)];
  const growth = ratio("step_s", sideOf(most), sideOf(fewest));
  if (most > fewest) console.error(`a step at K = ${most} / at K = ${fewest}: ${shown(growth)}`);
  return { summary, growth, rounds };
}
