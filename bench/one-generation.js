/**
 * @file `node bench/one-generation.js --model DIR --work FILE.json --batch N --threads N [--fp32]`: times the continuations
 * that `generate-against-transformers.js` asks for, and prints one JSON line. A few tokens are made before the clock starts.
 */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { loadTorch, setNumThreads } from "@one-token/torch";
import { generateTokens, loadModel } from "one-token-rollout";

const text = { type: "string" };
const { values } = parseArgs({
  options: { model: text, work: text, batch: text, threads: text, fp32: { type: "boolean", default: false } },
});
loadTorch("cpu");
setNumThreads(Number(values.threads));
const work = JSON.parse(readFileSync(values.work, "utf8"));
const model = await loadModel(values.model, { dtype: values.fp32 ? "float32" : "bfloat16", device: "cpu" });
const prompts = work.map(({ prompt }) => Int32Array.from(prompt));
const options = { batchSize: Number(values.batch), eosTokenIds: [] };
await generateTokens(model, prompts.slice(0, 4), { ...options, maxNewTokens: 3 });

const [started, before] = [performance.now(), process.cpuUsage()];
const generations = await generateTokens(model, prompts, {
  ...options,
  maxNewTokens: Math.max(...work.map(({ new_tokens }) => new_tokens)),
  shouldStop: (continuation, index) => continuation.length === work[index].new_tokens,
});
const seconds = (performance.now() - started) / 1000;
const { user, system } = process.cpuUsage(before);
const token_ids = generations.map(({ tokenIds }) => tokenIds);
console.log(
  JSON.stringify({
    seconds,
    tokens_per_s: token_ids.flat().length / seconds,
    processor_s: (user + system) / 1e6,
    peak_rss_mib: process.resourceUsage().maxRSS / 1024,
    token_ids,
  }),
);
