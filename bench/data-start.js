/**
 * @file `node bench/data-start.js --tokenizer FOLDER [--threads N]`: how long a run takes until it trains, and how much
 * memory it has needed by then, for 10,000 and 100,000 rows, without and with the tokens in the cache. Each start is a
 * process of its own, with a small model of random weights. Prints one JSON line.
 */
import { copyFileSync, createWriteStream, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { initModel, loadTokenizer, parseModelConfig, saveModel, train } from "one-token-rollout";
import { measure } from "./alternate.js";

const text = { type: "string" };
const { values } = parseArgs({
  options: { tokenizer: text, threads: text, model: text, data: text, output: text },
});
const TOKENIZER_FILES = ["tokenizer.json", "tokenizer_config.json", "special_tokens_map.json"];

if (values.data) await start(values.model, values.data, values.output, Number(values.threads));
else if (values.tokenizer) await compare(values.tokenizer, values.threads ?? "2");
else {
  console.error("usage: node bench/data-start.js --tokenizer FOLDER [--threads N]");
  process.exitCode = 2;
}

/** One start, in a process of its own. */
async function start(model, data, output, numThreads) {
  let startSeconds = 0;
  let startMemory = 0;
  let rows = 0;
  await train(
    {
      modelNameOrPath: model,
      dataset: data,
      outputDir: output,
      maxSteps: 1,
      lossType: "nll",
      device: "cpu",
      numThreads,
    },
    {
      onEvent(event) {
        if (event.type !== "start") return;
        // Since the process began.
        startSeconds = performance.now() / 1000;
        startMemory = process.resourceUsage().maxRSS / 1024;
        rows = event.rows;
      },
    },
  );
  console.log(JSON.stringify({ rows, start_s: startSeconds, peak_rss_mib: Math.round(startMemory) }));
}

async function compare(tokenizerFolder, threads) {
  const folder = mkdtempSync(join(tmpdir(), "otr-data-start-"));
  try {
    const model = join(folder, "model");
    await makeModel(tokenizerFolder, model);
    process.env.XDG_CACHE_HOME = join(folder, "cache");
    const starts = [];
    for (const count of [10_000, 100_000]) {
      const data = join(folder, `${count}.jsonl`);
      await writeRows(data, count);
      for (const cache of ["cold", "warm"]) {
        const files = ["--model", model, "--data", data, "--output", join(folder, `out-${count}-${cache}`)];
        const script = fileURLToPath(import.meta.url);
        starts.push({ cache, ...measure(process.execPath, [script, ...files, "--threads", threads]) });
        console.error(JSON.stringify(starts.at(-1)));
      }
    }
    console.log(JSON.stringify({ starts }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function makeModel(tokenizerFolder, folder) {
  const { vocabSize } = await loadTokenizer(tokenizerFolder);
  mkdirSync(folder);
  const config = parseModelConfig({
    model_type: "llama",
    vocab_size: vocabSize,
    hidden_size: 16,
    intermediate_size: 32,
    num_hidden_layers: 1,
    num_attention_heads: 2,
    num_key_value_heads: 2,
    max_position_embeddings: 1024,
    rms_norm_eps: 1e-6,
    tie_word_embeddings: true,
  });
  const model = initModel(config, { seed: 0 });
  await saveModel(model, folder);
  model.dispose();
  for (const name of TOKENIZER_FILES) {
    const path = join(tokenizerFolder, name);
    if (existsSync(path)) copyFileSync(path, join(folder, name));
  }
}

/** Word problems of about the length of GSM8K's, each another, the same in every run. */
async function writeRows(path, count) {
  let state = 1;
  const below = (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  const pick = (list) => list[below(list.length)];
  const file = createWriteStream(path);
  for (let row = 0; row < count; row++) {
    const steps = Array.from({ length: 2 + below(4) }, () => [2 + below(90), 2 + below(90)]);
    const things = pick(["apples", "clips", "books", "letters", "tickets", "chairs"]);
    const name = pick(["Natalia", "Weng", "Betty", "Julie", "James", "Mark", "Albert", "Ken"]);
    const told = steps.map(
      ([a, b]) => `${name} buys ${a} ${things} on day ${b} and ${b} more for $${a} each.`,
    );
    const worked = steps.map(([a, b]) => `${name} has ${a}+${b} = <<${a}+${b}=${a + b}>>${a + b} ${things}.`);
    const prompt = `${told.join(" ")} How many ${things} does ${name} have altogether?`;
    const completion = `${worked.join("\n")}\n#### ${steps.reduce((sum, [a, b]) => sum + a + b, 0)}`;
    if (!file.write(`${JSON.stringify({ prompt, completion })}\n`)) await once(file, "drain");
  }
  file.end();
  await once(file, "finish");
}
