import { liveTensorCount, scope } from "@one-token/torch";
import { describe, expect, it } from "vitest";
import { growVocabulary, withVocabSize } from "../../src/models/grow-vocabulary.js";
import { initModel } from "../../src/models/init-model.js";
import { parseModelConfig } from "../../src/models/model-config.js";
import { decoderSpecOf } from "../../src/models/registry.js";
import { saveModel } from "../../src/models/save-model.js";
import { logitsOf, modelWorkspace } from "./model-workspace.js";
import { tinyConfig } from "./tiny-config.js";

const { folder, load } = modelWorkspace();

describe.each([true, false])("growVocabulary (tied: %s)", (tied) => {
  const made = () => initModel(parseModelConfig(tinyConfig({ tie_word_embeddings: tied })), { seed: 2 });

  it("leaves what the model computes, and gives each new token the mean of the logits", async () => {
    const model = made();
    const before = logitsOf(model);
    const tensors = liveTensorCount();
    const grown = growVocabulary(model, 22);
    expect(liveTensorCount()).toBe(tensors);
    const after = logitsOf(grown);
    for (let token = 0; token < 4; token++) {
      const old = before.slice(19 * token, 19 * token + 19);
      const found = after.slice(22 * token, 22 * token + 22);
      for (const [index, value] of old.entries()) expect(found[index]).toBeCloseTo(value, 5);
      const mean = old.reduce((sum, value) => sum + value, 0) / 19;
      for (const value of found.slice(19)) expect(value).toBeCloseTo(mean, 5);
    }
    for (const [name, parameter] of grown.parameters) expect(parameter.requiresGrad, name).toBe(true);
    expect(grown.spec.vocabSize).toBe(22);
    await saveModel(grown, folder());
    const loaded = await load(folder());
    expect(loaded.config.vocabSize).toBe(22);
    expect(logitsOf(loaded)).toEqual(after);
    expect(scope(() => loaded.headWeight().shape)).toEqual([22, 16]);
    grown.dispose();
  });

  it("does not make a new token the padding that there was not", () => {
    const config = parseModelConfig(tinyConfig({ pad_token_id: 19 }));
    expect(withVocabSize(config, 22).padTokenId).toBeNull();
    expect(decoderSpecOf(withVocabSize(config, 22)).padTokenId).toBeNull();
    expect(withVocabSize(parseModelConfig(tinyConfig({ pad_token_id: 3 })), 22).padTokenId).toBe(3);
  });
});
