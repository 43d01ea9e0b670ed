/**
 * @file Answers one prompt with two adapters on one base, of which only one copy is in memory.
 *
 *     node examples/two-adapters.js [MODEL_FOLDER] [OUTPUT_FOLDER]
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { generate, loadAdapter, loadModel, loadTokenizer, train } from "one-token-rollout";

const [base = "demo/base-model", output = "out/two-adapters"] = process.argv.slice(2);

/**
 * What each adapter is taught to write behind a word.
 *
 * @type {Record<string, (word: string) => string>}
 */
const lessons = { twice: (word) => `${word} ${word}`, loud: (word) => `${word}...` };

await mkdir(output, { recursive: true });
const folders = [];
for (const [name, answer] of Object.entries(lessons)) {
  const dataset = join(output, `${name}.jsonl`);
  const rows = ["rain", "stone", "light", "river"].map((word) => ({
    prompt: `${word}: `,
    completion: answer(word),
  }));
  await writeFile(dataset, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  const { outputDir } = await train({
    modelNameOrPath: base,
    dataset,
    outputDir: join(output, name),
    lossType: "nll",
    usePeft: true,
    learningRate: 1e-2,
    maxSteps: 20,
  });
  folders.push(outputDir);
}

const [model, tokenizer] = await Promise.all([loadModel(base), loadTokenizer(base)]);
for (const folder of folders) {
  const adapter = await loadAdapter(model, folder);
  model.adapter = adapter; // in the place of the one before
  const [{ text }] = await generate(model, tokenizer, ["stone: "], { temperature: 0, maxNewTokens: 16 });
  console.log(`${folder}: ${text}`);
  adapter.dispose();
}
model.dispose();
