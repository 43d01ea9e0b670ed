/**
 * @file Shows what is learned of each row of a data set. No model and no libtorch is needed for it.
 *
 *     node examples/inspect-labels.js [TOKENIZER_FOLDER] [OUTPUT_FOLDER]
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { IGNORE_INDEX, loadDataset, loadTokenizer } from "one-token-rollout";

const [folder = "demo/base-model", output = "out/inspect-labels"] = process.argv.slice(2);

const path = join(output, "rows.jsonl");
await mkdir(output, { recursive: true });
await writeFile(path, '{"prompt": "12+25=", "completion": "37"}\n{"prompt": "1+1=", "completion": "2"}\n');

const tokenizer = await loadTokenizer(folder);
const dataset = await loadDataset({
  path,
  tokenizer,
  maxLength: 64,
  truncationMode: "keep_start",
  completionOnlyLoss: null, // by the form of the rows
  assistantOnlyLoss: null,
  chatTemplatePath: null, // the tokenizer's own
});
for (const note of dataset.notes) console.log(note);

for (const { id, inputIds, labels } of await dataset.rows.read(dataset.rows.lengths.keys())) {
  // A label is the token's own id where it is learned, and IGNORE_INDEX where it is not.
  const learned = inputIds.filter((_, position) => labels[position] !== IGNORE_INDEX);
  const [whole, part] = await Promise.all([inputIds, learned].map((ids) => tokenizer.decode([...ids])));
  console.log(JSON.stringify({ row: id, text: whole, learned: part, tokens: inputIds.length }));
}
await dataset.rows.close(); // removes the file that holds the tokens
