/**
 * @file `node print-logits.js FOLDER`: the logits of a model folder for the token ids on standard input (a JSON list),
 * as one JSON list of rows, in float32.
 */
import { readFileSync } from "node:fs";
import { noGrad } from "@one-token/torch";
import { loadModel, packRows } from "one-token-rollout";

const inputIds = Int32Array.from(JSON.parse(readFileSync(0, "utf8")));
const model = await loadModel(process.argv[2], { dtype: "float32" });
const logits = noGrad(() => model.logits(model.forward(packRows([{ inputIds }], model.device))));
const [rows, vocabulary] = logits.shape;
const values = logits.toTypedArray();
console.log(
  JSON.stringify(
    Array.from({ length: rows }, (_, row) => [...values.subarray(row * vocabulary, (row + 1) * vocabulary)]),
  ),
);
