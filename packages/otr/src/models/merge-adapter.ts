import { aten, keep, noGrad, scope, type Tensor } from "@one-token/torch";
import { CausalLM } from "./causal-lm.js";
import type { LoraAdapter } from "./lora-adapter.js";
import { embeddingName, headName } from "./parameter-layout.js";
import { quantizedModel } from "./quantized-matrix.js";
import { decoderSpecOf } from "./registry.js";

/**
 * The model whose own weights compute what `model` computes with `adapter`: `W + scale B A`, each row at its learned length
 * where there is one (DoRA). Takes over the parameters of `model`, which is of no use afterwards; the adapter stays.
 */
export function mergeAdapter(model: CausalLM, adapter: LoraAdapter): CausalLM {
  const parameters = new Map<string, Tensor>();
  if (model.quantized.size > 0) throw quantizedModel("merged with an adapter");
  const changesOne = adapter.parameters.has(headName) || adapter.parameters.has(embeddingName);
  const untied = model.spec.tiedEmbeddings && changesOne;
  const head = untied ? headApart(model, adapter) : null;
  for (const [name, parameter] of model.parameters) {
    const merged = mergedWeight(adapter, name, parameter);
    if (merged !== parameter) parameter.dispose();
    parameters.set(name, merged);
  }
  if (head !== null) parameters.set(headName, head);
  const { raw } = model.config;
  const config = untied
    ? { ...model.config, tieWordEmbeddings: false, raw: { ...raw, tie_word_embeddings: false } }
    : model.config;
  return new CausalLM(config, decoderSpecOf(config), parameters, model.eosTokenIds, model.storedDType);
}

/** The head of a tied model beside whose adapter it is one of its own: the adapter's, or the embedding as it was. */
function headApart(model: CausalLM, adapter: LoraAdapter): Tensor {
  return scope(() => {
    const embedding = model.denseWeight(embeddingName);
    return keepAs(adapter.parameters.get(headName) ?? embedding, embedding);
  });
}

function mergedWeight(adapter: LoraAdapter, name: string, parameter: Tensor): Tensor {
  const whole = adapter.parameters.get(name);
  if (whole) return keepAs(whole, parameter);
  const module = name.replace(/\.weight$/, "");
  if (module === name || !adapter.changes(module)) return parameter;
  return noGrad(() =>
    scope(() => {
      const [down, up] = [adapter.part(module, "lora_A.weight"), adapter.part(module, "lora_B.weight")];
      const wide = parameter.dtype === "float64" ? "float64" : "float32";
      const sum = parameter.to(wide).add(up.matmul(down).mul(adapter.scale));
      if (!adapter.config.useDora) return keepAs(sum, parameter);
      const magnitude = adapter.part(module, "lora_magnitude_vector");
      const lengths = aten.linalg_vector_norm(sum, 2, [1]);
      return keepAs(sum.mul(magnitude.div(lengths).unsqueeze(1)), parameter);
    }),
  );
}

/** A copy in the dtype and on the device of another tensor, which outlives scopes. */
const keepAs = (tensor: Tensor, { dtype, device }: Tensor): Tensor =>
  noGrad(() => scope(() => keep(aten._to_copy(tensor.detach(), { dtype, device }))));
