/**
 * @file Fine-tunes a model on rows that the program makes, and tries the result.
 *
 *     node examples/fine-tune.js [MODEL_FOLDER] [OUTPUT_FOLDER]
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { generate, loadModel, loadTokenizer, train } from "one-token-rollout";

const [model = "demo/base-model", output = "out/fine-tune"] = process.argv.slice(2);

// A row is {prompt, completion}, {messages} or {text}; a data set is a file of such rows, one JSON object a line.
const words = ["rain", "stone", "light", "river", "cloud", "leaf", "wind", "sand"];
const rows = words.map((word) => ({ prompt: `twice ${word}=`, completion: `${word} ${word}` }));
await mkdir(output, { recursive: true });
const dataset = join(output, "rows.jsonl");
await writeFile(dataset, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));

// Options have the names of the command line, in camelCase.
const { outputDir, steps, metrics } = await train({
  modelNameOrPath: model,
  dataset,
  outputDir: join(output, "model"),
  lossType: "nll",
  learningRate: 3e-3,
  maxSteps: 20,
  perDeviceTrainBatchSize: 8,
});
console.log(`${steps} steps, loss ${metrics.loss?.toFixed(3)}, ${outputDir}`);

const [tuned, tokenizer] = await Promise.all([loadModel(outputDir), loadTokenizer(outputDir)]);
const answers = await generate(tuned, tokenizer, ["twice stone=", "twice moon="], {
  temperature: 0,
  maxNewTokens: 16,
});
for (const { prompt, text } of answers) console.log(`${prompt}${text}`);
tuned.dispose();
