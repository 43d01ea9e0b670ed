import { describe, expect, it } from "vitest";
import type { LoraConfig } from "../../src/models/lora-config.js";
import { loraLayout } from "../../src/models/lora-targets.js";
import { parseModelConfig } from "../../src/models/model-config.js";
import { decoderSpecOf } from "../../src/models/registry.js";
import { tinyConfig } from "./tiny-config.js";

const spec = decoderSpecOf(parseModelConfig(tinyConfig()));
const layout = (changes: Partial<LoraConfig>, of = spec) => {
  const config = {
    rank: 2,
    alpha: 4,
    dropout: 0,
    targetModules: null,
    modulesToSave: [],
    useRslora: false,
    useDora: false,
  };
  return loraLayout(of, { ...config, ...changes }, "options");
};
const modules = (targetModules: LoraConfig["targetModules"], of = spec) =>
  layout({ targetModules }, of).targets.map(({ module }) => module.replace("model.layers.", ""));

describe("loraLayout", () => {
  it("finds modules by name, by end, by expression, and all", () => {
    expect(modules(["q_proj"])).toEqual(["0.self_attn.q_proj", "1.self_attn.q_proj"]);
    expect(modules(["1.mlp.up_proj"])).toEqual(["1.mlp.up_proj"]);
    expect(modules(".*\\.0\\..*(k|down)_proj")).toEqual(["0.self_attn.k_proj", "0.mlp.down_proj"]);
    expect(modules("all-linear")).toHaveLength(14);
    expect(modules(null)).toEqual(
      ["0", "1"].flatMap((layer) => [`${layer}.self_attn.q_proj`, `${layer}.self_attn.v_proj`]),
    );
  });

  it("finds embedding and head where they are named, tied or not, and leaves them out of all", () => {
    const untied = decoderSpecOf(parseModelConfig(tinyConfig({ tie_word_embeddings: false })));
    for (const of of [spec, untied]) {
      expect(modules(["embed_tokens", "lm_head"], of)).toEqual(["model.embed_tokens", "lm_head"]);
      expect(modules("all-linear", of)).toHaveLength(14);
    }
  });

  it("has ranks and alphas of single modules, the first that matches a name or its end", () => {
    const { targets, parameters } = layout({
      targetModules: ["q_proj", "lm_head"],
      rankPattern: { "^model\\.layers\\.1\\..*": 5, q_proj: 3 },
      alphaPattern: { lm_head: 6 },
    });
    expect(targets.map(({ module, rank, scale }) => [module, rank, scale])).toEqual([
      ["model.layers.0.self_attn.q_proj", 3, 4 / 3],
      ["model.layers.1.self_attn.q_proj", 5, 4 / 5],
      ["lm_head", 2, 3],
    ]);
    expect(parameters.map(({ shape }) => shape).slice(-2)).toEqual([
      [2, 16],
      [19, 2],
    ]);
  });

  it("names its targets so that nothing else is meant", () => {
    const mixed = { model_type: "qwen3_moe", num_experts: 2, mlp_only_layers: [0] };
    const config = { num_experts_per_tok: 1, moe_intermediate_size: 8, decoder_sparse_step: 1 };
    const of = decoderSpecOf(parseModelConfig(tinyConfig({ ...mixed, ...config, head_dim: 4 })));
    const { targets, targetNames } = layout({ targetModules: "all-linear" }, of);
    expect(targetNames).toContain("q_proj");
    expect(targetNames).toContain("model.layers.0.mlp.gate_proj");
    expect(layout({ targetModules: targetNames }, of).targets).toEqual(targets);
  });

  it("takes the fused projection of Phi 3 by default, and spares the experts of a mixture", () => {
    const phi3 = decoderSpecOf(parseModelConfig(tinyConfig({ model_type: "phi3" })));
    expect(modules(null, phi3)).toEqual(["0.self_attn.qkv_proj", "1.self_attn.qkv_proj"]);
    const mixtral = decoderSpecOf(
      parseModelConfig(tinyConfig({ model_type: "mixtral", num_local_experts: 2 })),
    );
    expect(modules("all-linear", mixtral)).toHaveLength(8);
    expect(modules(["1.w1"], mixtral)).toEqual([
      "0.block_sparse_moe.experts.1.w1",
      "1.block_sparse_moe.experts.1.w1",
    ]);
    expect(() => layout({ targetModules: ["w1"], dropout: 0.1 }, mixtral)).toThrow(
      /lora_dropout is 0.1, and the experts of a mixture .* have none/,
    );
    expect(() => modules(["gate"], mixtral)).toThrow(/no linear module is called gate/);
  });

  it("lists the parameters of pairs, of lengths, and of what is trained whole", () => {
    const { parameters } = layout({
      targetModules: ["0.mlp.up_proj"],
      useDora: true,
      modulesToSave: ["model.norm", "lm_head"],
    });
    expect(parameters.map(({ name, shape }) => [name, shape])).toEqual([
      ["model.layers.0.mlp.up_proj.lora_A.weight", [2, 16]],
      ["model.layers.0.mlp.up_proj.lora_B.weight", [24, 2]],
      ["model.layers.0.mlp.up_proj.lora_magnitude_vector", [24]],
      ["model.norm.weight", [16]],
      ["lm_head.weight", [19, 16]],
    ]);
  });

  it("does not put a pair on what is trained whole", () => {
    const { targets, saved } = layout({
      targetModules: ["q_proj", "v_proj"],
      modulesToSave: ["0.self_attn.q_proj"],
    });
    expect(targets.map(({ module }) => module)).not.toContain("model.layers.0.self_attn.q_proj");
    expect(saved.map(({ name }) => name)).toEqual(["model.layers.0.self_attn.q_proj.weight"]);
  });

  it.each([
    [{ targetModules: ["q_porj"] }, /no linear module is called q_porj \(did you mean q_proj\?\)/],
    [
      { targetModules: ["lm_head"], useDora: true },
      /lm_head is none; train it whole with lora_modules_to_save/,
    ],
    [{ rankPattern: { "(": 3 } }, /rank_pattern "\(" is no regular expression/],
    [{ alphaPattern: { "((\\w|\\.)+)+!": 3 } }, /alpha_pattern .* takes longer than 1 s/],
    [{ targetModules: "nothing.*" }, /"nothing\.\*" matches no linear module/],
    [
      { targetModules: "q_proj v_proj" },
      /matches no linear module; write the names with commas: q_proj,v_proj;/,
    ],
    [{ targetModules: "(" }, /"\(" is no regular expression \(Unterminated group\)/],
    [{ targetModules: "((\\w|\\.)+)+!" }, /takes longer than 1 s to match the names of the modules/],
    [{ modulesToSave: ["lm_haed"] }, /no module is called lm_haed \(did you mean lm_head\?\)/],
  ] as [Partial<LoraConfig>, RegExp][])("refuses %j", (changes, message) => {
    expect(() => layout(changes)).toThrow(
      expect.objectContaining({ code: "LORA_TARGETS", message: expect.stringMatching(message) }),
    );
  });
});
