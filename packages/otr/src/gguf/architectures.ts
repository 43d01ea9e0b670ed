/** @file The architectures of GGUF files that are read. To add one, add it to the table at the end. */
import { ggufUnsupported } from "./gguf-error.js";
import type { GgufFile } from "./read-gguf.js";

/** What differs between architectures, in llama.cpp's terms and in those of transformers. */
export interface GgufArchitecture {
  /** The value of `general.architecture`, which is the first part of the names of its keys. */
  readonly name: string;
  /** `model_type` in `config.json`. */
  readonly modelType: string;
  /** The class in `architectures` in `config.json`. */
  readonly className: string;
  /** The modules of a layer: after `blk.N.` here, after `model.layers.N.` there. */
  readonly layerModules: Readonly<Record<string, string>>;
  /** Whether rows of queries and keys are stored in the order of adjacent pairs, not of halves. */
  readonly hasPairedRotation: boolean;
  /** What was added to the weights of norms when they were stored. */
  readonly normOffset: number;
}

const LAYER_MODULES = {
  attn_norm: "input_layernorm",
  attn_q: "self_attn.q_proj",
  attn_k: "self_attn.k_proj",
  attn_v: "self_attn.v_proj",
  attn_output: "self_attn.o_proj",
  ffn_norm: "post_attention_layernorm",
  ffn_gate: "mlp.gate_proj",
  ffn_up: "mlp.up_proj",
  ffn_down: "mlp.down_proj",
};

const QUERY_KEY_NORMS = {
  attn_q_norm: "self_attn.q_norm",
  attn_k_norm: "self_attn.k_norm",
};

/** Gemma 2 and 3: norms before and after each half of a layer. */
const FOUR_NORMS = {
  post_attention_norm: "post_attention_layernorm",
  ffn_norm: "pre_feedforward_layernorm",
  post_ffw_norm: "post_feedforward_layernorm",
};

const ARCHITECTURES: readonly GgufArchitecture[] = [
  // Mistral's models too: without windows, which llama.cpp does not compute for them, they are the same.
  {
    name: "llama",
    modelType: "llama",
    className: "LlamaForCausalLM",
    layerModules: LAYER_MODULES,
    hasPairedRotation: true,
    normOffset: 0,
  },
  {
    name: "qwen2",
    modelType: "qwen2",
    className: "Qwen2ForCausalLM",
    layerModules: LAYER_MODULES,
    hasPairedRotation: false,
    normOffset: 0,
  },
  {
    name: "qwen3",
    modelType: "qwen3",
    className: "Qwen3ForCausalLM",
    layerModules: { ...LAYER_MODULES, ...QUERY_KEY_NORMS },
    hasPairedRotation: false,
    normOffset: 0,
  },
  {
    name: "gemma",
    modelType: "gemma",
    className: "GemmaForCausalLM",
    layerModules: LAYER_MODULES,
    hasPairedRotation: false,
    normOffset: 1,
  },
  {
    name: "gemma2",
    modelType: "gemma2",
    className: "Gemma2ForCausalLM",
    layerModules: { ...LAYER_MODULES, ...FOUR_NORMS },
    hasPairedRotation: false,
    normOffset: 1,
  },
  {
    name: "gemma3",
    modelType: "gemma3_text",
    className: "Gemma3ForCausalLM",
    layerModules: { ...LAYER_MODULES, ...FOUR_NORMS, ...QUERY_KEY_NORMS },
    hasPairedRotation: false,
    normOffset: 1,
  },
];

/**
 * The architecture of a file.
 *
 * @throws {DataError} `GGUF_UNSUPPORTED`, naming those that are read
 */
export function architectureOf({ path, metadata }: GgufFile): GgufArchitecture {
  const type = metadata.string("general.type") ?? "model";
  if (type !== "model") {
    throw ggufUnsupported(
      path,
      `it is no model, but of the type ${JSON.stringify(type)}`,
      "give the file of the model",
    );
  }
  const name = metadata.string("general.architecture");
  const found = ARCHITECTURES.find((architecture) => architecture.name === name);
  if (!found) {
    const known = ARCHITECTURES.map((architecture) => architecture.name).join(", ");
    throw ggufUnsupported(
      path,
      name === null
        ? "it does not say its architecture (general.architecture)"
        : `its architecture is ${JSON.stringify(name)}`,
      `GGUF files of these are read: ${known}; of others give the Hugging Face folder`,
    );
  }
  if ((metadata.number(`${name}.expert_count`) ?? 0) > 0) {
    throw ggufUnsupported(
      path,
      "it is a mixture of experts, which is not read from GGUF",
      "give the Hugging Face folder of the model",
    );
  }
  return found;
}

const TOP_MODULES: Readonly<Record<string, string>> = {
  token_embd: "model.embed_tokens",
  output_norm: "model.norm",
  output: "lm_head",
};

/** Tensors that follow from the configuration. */
const isDerived = (name: string) => /^rope_freqs\.|\.(attn_rot_embd|rope_freqs)\./.test(name);

/** The name of a tensor in transformers' checkpoints; null where they have none; its own where it is not known. */
export function checkpointName({ layerModules }: GgufArchitecture, name: string): string | null {
  if (isDerived(name)) return null;
  const [, layer, module = "", parameter] = /^(?:blk\.(\d+)\.)?(\w+)\.(weight|bias)$/.exec(name) ?? [];
  const modules = layer === undefined ? TOP_MODULES : layerModules;
  if (!Object.hasOwn(modules, module)) return name;
  const prefix = layer === undefined ? "" : `model.layers.${layer}.`;
  return `${prefix}${modules[module]}.${parameter}`;
}
