/** @file Texts beyond the length that a model with `dynamic` rotary scaling was made for, as transformers computes them alone. */
import { fileURLToPath } from "node:url";
import { noGrad, readSafetensors, scope, type Tensor } from "@one-token/torch";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { generateTokens } from "../../src/generation/generate-tokens.js";
import type { CausalLM } from "../../src/models/causal-lm.js";
import { loadModel } from "../../src/models/load-model.js";
import { packRows } from "../../src/models/packed-rows.js";
import { relativeError } from "../models/relative-error.js";

const folder = fileURLToPath(new URL("../references/dynamic_rope", import.meta.url));
/** Of the prompts; the model was made for 16 tokens, and reaches 48. */
const LENGTHS = [8, 16, 17, 30];

let model: CausalLM;
let file: ReturnType<typeof readSafetensors>;
beforeAll(async () => {
  model = await loadModel(folder);
  file = readSafetensors(`${folder}/reference.safetensors`);
});
afterAll(() => {
  model.dispose();
  file.dispose();
});
const reference = (name: string): Tensor => file.tensors.get(name)!;
const promptOf = (length: number) => Int32Array.from(reference(`input_ids_${length}`).toArray());

describe("dynamic rotary scaling", () => {
  it("gives transformers' logits, each row by its own length", () => {
    const rows = LENGTHS.map((length) => ({ inputIds: promptOf(length) }));
    scope(() =>
      noGrad(() => {
        const packed = packRows(rows);
        const logits = model.logits(model.forward(packed));
        let start = 0;
        for (const row of packed.order) {
          const length = LENGTHS[row]!;
          const actual = logits.narrow(0, start, length);
          expect(relativeError(actual, reference(`logits_${length}`)), `${length} tokens`).toBeLessThan(1e-5);
          start += length;
        }
      }),
    );
  });

  it("continues as transformers does with its cache, up to the length that the factor gives", async () => {
    const generations = await generateTokens(model, LENGTHS.map(promptOf), {
      eosTokenIds: [],
      maxNewTokens: 100,
      temperature: 0,
    });
    for (const [index, { tokenIds, reachedContextLimit }] of generations.entries()) {
      const length = LENGTHS[index]!;
      expect(tokenIds, `${length} tokens`).toEqual(reference(`greedy_${length}`).toArray());
      expect(reachedContextLimit).toBe(true);
    }
  });
});
