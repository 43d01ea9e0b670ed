/**
 * @file `node bench/generate-against-transformers.js --python VENV/bin/python --model DIR`: greedy continuations by this
 * project and by transformers' `generate` on the CPU, of the same prompts, as many tokens each.
 *
 * Prompts are random tokens of different lengths, behind `--shared` tokens that all begin with (the examples of a few-shot
 * task). With `--varied` continuations end at different lengths, as answers do. Transformers gets its prompts sorted by length, padded
 * on the left, `--peer-batch` at a time; several sizes (`16,32,64`) are tried once, and the fastest is compared. `--fp32` compares
 * the tokens too. The folder must have weights.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { alternate, measure, report } from "./alternate.js";
import { root } from "./settings.js";

const { values: settings } = parseArgs({
  options: {
    python: { type: "string" },
    model: { type: "string" },
    prompts: { type: "string", default: "64" },
    "prompt-tokens": { type: "string", default: "100" },
    "new-tokens": { type: "string", default: "64" },
    shared: { type: "string", default: "0" },
    varied: { type: "boolean", default: false },
    batch: { type: "string", default: "64" },
    "peer-batch": { type: "string", default: "16,32,64" },
    threads: { type: "string", default: "2" },
    alternations: { type: "string", default: "5" },
    fp32: { type: "boolean", default: false },
  },
});

/** Numbers below `limit`, the same each time. */
let state = 1;
const random = (limit) => {
  state = (state * 48271) % 2147483647;
  return state % limit;
};
const tokens = (count) => Array.from({ length: count }, () => 3 + random(1000));
const [promptTokens, newTokens] = [Number(settings["prompt-tokens"]), Number(settings["new-tokens"])];
const beginning = tokens(Number(settings.shared));
const work = Array.from({ length: Number(settings.prompts) }, () => ({
  prompt: [...beginning, ...tokens(Math.ceil(promptTokens / 2) + random(promptTokens))],
  new_tokens: settings.varied ? 1 + Math.ceil((newTokens * random(1000)) / 500) : newTokens,
}));

const folder = mkdtempSync(join(tmpdir(), "otr-bench-"));
try {
  const file = join(folder, "work.json");
  writeFileSync(file, JSON.stringify(work));
  const shared = ["--model", settings.model, "--work", file, "--threads", settings.threads];
  if (settings.fp32) shared.push("--fp32");
  const ours = () =>
    measure(process.execPath, [
      join(root, "bench", "one-generation.js"),
      ...shared,
      "--batch",
      settings.batch,
    ]);
  const theirs = (batch) =>
    measure(settings.python, [join(root, "bench", "transformers_run.py"), ...shared, "--batch", batch]);
  const sizes = settings["peer-batch"].split(",");
  const tried = sizes.length === 1 ? [] : sizes.map((batch) => ({ batch, ...theirs(batch) }));
  for (const { batch, tokens_per_s } of tried) {
    console.error(`transformers, ${batch} at a time: ${tokens_per_s.toFixed(1)} tokens/s`);
  }
  const best = tried.sort((a, b) => b.tokens_per_s - a.tokens_per_s)[0]?.batch ?? sizes[0];
  const pairs = alternate({ otr: ours, transformers: () => theirs(best) }, Number(settings.alternations));
  if (settings.fp32) {
    const { otr, transformers } = pairs[0];
    const same = otr.token_ids.filter((ids, row) => String(ids) === String(transformers.token_ids[row]));
    console.error(`${same.length} of ${work.length} continuations are the same`);
  }
  for (const pair of pairs) for (const side of Object.values(pair)) delete side.token_ids;
  const fields = {
    "new tokens a second": "tokens_per_s",
    "processor seconds": "processor_s",
    "peak memory": "peak_rss_mib",
  };
  report(pairs, fields, { ...settings, "peer-batch": best });
} finally {
  rmSync(folder, { recursive: true });
}
