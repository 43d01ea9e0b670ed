/**
 * @file `node print-logits.js FOLDER`: the logits of a model folder, or of an adapter's, for the token ids on standard input
 * (a JSON list), as one JSON list of rows, in float32.
 */
import { readFileSync } from "node:fs";
import { noGrad } from "@one-token/torch";
import { findModel, loadAdapter, loadModel, packRows } from "one-token-rollout";

const inputIds = Int32Array.from(JSON.parse(readFileSync(0, "utf8")));
const found = await findModel(process.argv[2]);
const model = await loadModel(found.model, { dtype: "float32" });
for (const adapter of found.adapters) model.adapter = await loadAdapter(model, adapter);
const logits = noGrad(() => model.logits(model.forward(packRows([{ inputIds }], model.device))));
const [rows, vocabulary] = logits.shape;
const values = logits.toTypedArray();
console.log(
  JSON.stringify(
    Array.from({ length: rows }, (_, row) => [...values.subarray(row * vocabulary, (row + 1) * vocabulary)]),
  ),
);
