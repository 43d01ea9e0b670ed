/** @file Holds the tensors of a checkpoint against the parameters of a model. */
import { aten, scope } from "@one-token/torch";
import { DataError } from "../errors.js";
import type { DecoderSpec } from "./decoder-spec.js";
import { isScalesOf } from "./float8-weights.js";
import { nameFew } from "./name-few.js";
import { embeddingName, headName, parameterLayout } from "./parameter-layout.js";
import type { StoredTensor } from "./stored-weights.js";

const storable = new Set(["float32", "float64", "bfloat16", "float16", "float8_e4m3fn", "float8_e5m2"]);

/** Old checkpoints store the rotary frequencies, which are computed here. */
const isDerived = (name: string) => name.endsWith(".rotary_emb.inv_freq");

/**
 * The stored tensor of each parameter, by parameter name, in checkpoint order. Where embedding and head are tied,
 * a checkpoint may hold either name or both.
 *
 * @throws {DataError} `WEIGHTS_MISMATCH`, listing missing, unexpected, misshapen and non-floating tensors, or when
 * tied weights are stored twice and differ
 */
export function matchWeights(
  folder: string,
  spec: DecoderSpec,
  stored: ReadonlyMap<string, StoredTensor>,
): Map<string, StoredTensor> {
  const problems: string[] = [];
  const unfit: string[] = [];
  const matched = new Map<string, StoredTensor>();
  const missing: string[] = [];
  const layout = parameterLayout(spec);
  for (const { name, shape } of layout) {
    const tensor = stored.get(name) ?? (spec.tiedEmbeddings ? tiedPartner(name, stored) : undefined);
    if (!tensor) {
      missing.push(name);
      continue;
    }
    if (tensor.shape.join() !== shape.join()) {
      unfit.push(`${name} has the shape (${tensor.shape.join(", ")}) instead of (${shape.join(", ")})`);
    }
    if (!storable.has(tensor.dtype)) {
      unfit.push(`${name} is stored as ${tensor.dtype}, not as floating point`);
    }
    matched.set(name, tensor);
  }
  const known = new Set(layout.map(({ name }) => name));
  if (spec.tiedEmbeddings) known.add(headName);
  const unexpected = [...stored.keys()].filter(
    (name) => !known.has(name) && !isDerived(name) && !isScalesOf(name, stored),
  );
  if (missing.length > 0) problems.push(`missing: ${nameFew(missing)}`);
  if (unfit.length > 0) problems.push(nameFew(unfit, "\n  "));
  if (unexpected.length > 0) problems.push(`unexpected: ${nameFew(unexpected)}`);
  if (spec.tiedEmbeddings && problems.length === 0 && tiedWeightsDiffer(stored)) {
    problems.push(
      `${embeddingName} and ${headName} differ although tie_word_embeddings is true; set it to false to use both`,
    );
  }
  if (problems.length > 0) {
    throw new DataError(
      "WEIGHTS_MISMATCH",
      `${folder}: the stored weights are not those that its config.json describes, so the model would compute nonsense\n${problems.map((problem) => `  ${problem}`).join("\n")}`,
    );
  }
  return matched;
}

function tiedPartner(name: string, stored: ReadonlyMap<string, StoredTensor>): StoredTensor | undefined {
  return name === embeddingName ? stored.get(headName) : undefined;
}

function tiedWeightsDiffer(stored: ReadonlyMap<string, StoredTensor>): boolean {
  const embedding = stored.get(embeddingName);
  const head = stored.get(headName);
  return (
    embedding !== undefined && head !== undefined && !scope(() => aten.equal(embedding.load(), head.load()))
  );
}
