import { readFile, rm, writeFile } from "node:fs/promises";
import { noGrad, scope, tensor } from "@one-token/torch";
import { describe, expect, it } from "vitest";
import { loadModel } from "../../src/models/load-model.js";
import { packRows } from "../../src/models/packed-rows.js";
import { saveModel } from "../../src/models/save-model.js";
import { hasShared, shared } from "../shared.js";
import { logitsOf, modelWorkspace } from "./model-workspace.js";
import { tinyConfig } from "./tiny-config.js";

const { folder, path, load, init, writeConfig, writeWeights } = modelWorkspace();

describe("loadModel", () => {
  it("loads what was stored, in the declared or in another dtype, trainable or not", async () => {
    const model = init(tinyConfig());
    await writeConfig(tinyConfig());
    writeWeights(model.parameters);
    const loaded = await load(folder());
    expect([...loaded.parameters.keys()]).toEqual([...model.parameters.keys()]);
    expect(logitsOf(loaded)).toEqual(logitsOf(model));
    expect([...loaded.parameters.values()].some((parameter) => parameter.requiresGrad)).toBe(false);
    const wide = await load(folder(), { dtype: "float64", trainable: true });
    expect(wide.dtype).toBe("float64");
    expect([...wide.parameters.values()].every((parameter) => parameter.requiresGrad)).toBe(true);
  });

  it.each(["bfloat16", "float16"] as const)("widens weights stored as %s exactly", async (dtype) => {
    const model = init(tinyConfig());
    await saveModel(model, folder(), { dtype });
    const stored = await load(folder());
    expect(stored.dtype).toBe(dtype);
    const loaded = await load(folder(), { dtype: "float32" });
    const name = "model.embed_tokens.weight";
    const expected = scope(() => model.parameters.get(name)!.detach().to(dtype).toTypedArray());
    expect(loaded.parameters.get(name)!.toTypedArray()).toEqual(expected);
  });

  it("reads shards by their index", async () => {
    const model = init(tinyConfig());
    await writeConfig(tinyConfig());
    const entries = [...model.parameters];
    const files = ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"];
    writeWeights(new Map(entries.slice(0, 5)), files[0]);
    writeWeights(new Map(entries.slice(5)), files[1]);
    const weight_map = Object.fromEntries(entries.map(([name], i) => [name, files[i < 5 ? 0 : 1]]));
    const indexPath = path("model.safetensors.index.json");
    await writeFile(indexPath, JSON.stringify({ weight_map }));
    expect(logitsOf(await load(folder()))).toEqual(logitsOf(model));

    await writeFile(indexPath, JSON.stringify({ weight_map: { ...weight_map, more: files[0] } }));
    await expect(loadModel(folder())).rejects.toThrow(/lacks tensors that .* says it holds: more/);
    await rm(path(files[1]!));
    await expect(loadModel(folder())).rejects.toMatchObject({ code: "WEIGHTS_NOT_FOUND" });
  });

  it.each(["../other.safetensors", "/etc/other.safetensors", "a/../../b.safetensors", ".."])(
    "refuses an index that names %s",
    async (file) => {
      await writeConfig(tinyConfig());
      const index = { weight_map: { "model.embed_tokens.weight": file } };
      await writeFile(path("model.safetensors.index.json"), JSON.stringify(index));
      await expect(loadModel(folder())).rejects.toThrow(/outside the model folder/);
    },
  );

  it("accepts either name of tied weights, or both when they are equal", async () => {
    const model = init(tinyConfig());
    const embedding = model.parameters.get("model.embed_tokens.weight")!;
    const expected = logitsOf(model);
    await writeConfig(tinyConfig());
    writeWeights(new Map([...model.parameters, ["lm_head.weight", embedding]]));
    expect(logitsOf(await load(folder()))).toEqual(expected);

    const headOnly = new Map([...model.parameters, ["lm_head.weight", embedding]] as const);
    headOnly.delete("model.embed_tokens.weight");
    writeWeights(headOnly);
    const loaded = await load(folder());
    expect(logitsOf(loaded)).toEqual(expected);
    expect(loaded.parameters.has("lm_head.weight")).toBe(false);

    const other = scope(() => embedding.detach().add(1));
    writeWeights(new Map([...model.parameters, ["lm_head.weight", other]]));
    await expect(loadModel(folder())).rejects.toThrow(/differ although tie_word_embeddings is true/);
    other.dispose();
  });

  it("lists missing, unexpected, misshapen and non-floating tensors together", async () => {
    const model = init(tinyConfig());
    await writeConfig(tinyConfig());
    const weights = new Map(model.parameters);
    weights.delete("model.norm.weight");
    const odd = tensor([1, 2, 3]);
    const whole = tensor(new Int8Array(16));
    weights.set("model.layers.0.input_layernorm.weight", odd);
    weights.set("model.layers.1.input_layernorm.weight", whole);
    weights.set("model.layers.0.self_attn.q_proj.bias", odd);
    weights.set("model.layers.0.self_attn.rotary_emb.inv_freq", odd);
    writeWeights(weights);
    const failure = await loadModel(folder()).catch((error: Error) => error);
    expect(failure).toMatchObject({ code: "WEIGHTS_MISMATCH" });
    const { message } = failure as Error;
    expect(message).toMatch(/missing: model.norm.weight\n/);
    expect(message).toMatch(/layers.0.input_layernorm.weight has the shape \(3\) instead of \(16\)/);
    expect(message).toMatch(/layers.1.input_layernorm.weight is stored as int8/);
    expect(message).toMatch(/unexpected: model.layers.0.self_attn.q_proj.bias$/);
    odd.dispose();
    whole.dispose();
  });

  it("names five tensors of each kind, and counts the others", async () => {
    const model = init(tinyConfig());
    await writeConfig(tinyConfig({ hidden_size: 32 }));
    writeWeights(model.parameters);
    await expect(loadModel(folder())).rejects.toThrow(/(\n {2}\S+ has the shape .*){5}\n {2}and \d+ more$/);
    writeWeights(new Map([["model.norm.weight", model.parameters.get("model.norm.weight")!]]));
    await writeConfig(tinyConfig());
    await expect(loadModel(folder())).rejects.toThrow(/\n {2}missing: (\S+, ){5}and \d+ more$/);
  });

  it("says what a folder without readable weights lacks", async () => {
    await writeConfig(tinyConfig());
    await expect(loadModel(folder())).rejects.toMatchObject({ code: "WEIGHTS_NOT_FOUND" });
    await writeFile(path("model.safetensors"), "no weights");
    const unreadable = loadModel(folder());
    await expect(unreadable).rejects.toMatchObject({ code: "WEIGHTS_INVALID" });
    await expect(unreadable).rejects.toThrow(/^\S+model\.safetensors is not .*; fetch the model again/);
    await writeConfig(tinyConfig({ model_type: "mamba" }));
    await expect(loadModel(folder())).rejects.toMatchObject({ code: "MODEL_TYPE_UNSUPPORTED" });
  });

  it("takes the end tokens of generation_config.json before those of config.json", async () => {
    await saveModel(init(tinyConfig()), folder());
    expect((await load(folder())).eosTokenIds).toEqual([2]);
    await writeFile(path("generation_config.json"), '{"eos_token_id": [2, 7]}');
    expect((await load(folder())).eosTokenIds).toEqual([2, 7]);
    await writeFile(path("generation_config.json"), '{"eos_token_id": "x"}');
    await expect(loadModel(folder())).rejects.toMatchObject({ code: "GENERATION_CONFIG_INVALID" });
  });
});

describe.skipIf(!hasShared)("loadModel on published models", () => {
  interface Reference {
    input_ids: number[];
    last_logits_first16: number[];
    last_argmax: number;
  }
  it.each(["stories260k", "tinystories-656k"])("computes the reference logits of %s", async (name) => {
    const source = shared(`models/${name}`);
    const reference: Reference = JSON.parse(await readFile(`${source}/reference.json`, "utf8"));
    const model = await load(source);
    const last = scope(() =>
      noGrad(() => {
        const packed = packRows([{ inputIds: Int32Array.from(reference.input_ids) }]);
        const hidden = model.forward(packed);
        return model.logits(hidden.narrow(0, hidden.shape[0]! - 1, 1)).toArray();
      }),
    );
    const largest = Math.max(...last.map(Math.abs));
    for (const [token, expected] of reference.last_logits_first16.entries()) {
      expect(Math.abs(last[token]! - expected) / largest).toBeLessThan(1e-5);
    }
    expect(last.indexOf(Math.max(...last))).toBe(reference.last_argmax);
  });
});
