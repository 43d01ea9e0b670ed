import { aten, keep, noGrad, scope, type Tensor } from "@one-token/torch";
import { CausalLM } from "./causal-lm.js";
import type { LoraAdapter } from "./lora-adapter.js";
import { withVocabSize } from "./grow-vocabulary.js";
import type { LoraTarget } from "./lora-targets.js";
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
  const changesOne = [embeddingName, headName].some((name) => changes(adapter, name));
  const untied = model.spec.tiedEmbeddings && changesOne;
  const head = untied ? headApart(model, adapter) : null;
  for (const [name, parameter] of model.parameters) {
    const merged = mergedWeight(adapter, name, parameter);
    if (merged !== parameter) parameter.dispose();
    parameters.set(name, merged);
  }
  if (head !== null) parameters.set(headName, head);
  const grown = withVocabSize(model.config, adapter.layout.vocabSize);
  const { raw } = grown;
  const config = untied
    ? { ...grown, tieWordEmbeddings: false, raw: { ...raw, tie_word_embeddings: false } }
    : grown;
  return new CausalLM(config, decoderSpecOf(config), parameters, model.eosTokenIds, model.storedDType);
}

const pairOf = (adapter: LoraAdapter, name: string): LoraTarget | undefined =>
  name.endsWith(".weight") ? adapter.target(name.slice(0, -".weight".length)) : undefined;

/** Whether a parameter is another one with the adapter. */
const changes = (adapter: LoraAdapter, name: string): boolean =>
  adapter.parameters.has(name) || pairOf(adapter, name) !== undefined;

/** The head of a tied model beside whose adapter it is one of its own: the adapter's, or what its pair makes of the embedding. */
function headApart(model: CausalLM, adapter: LoraAdapter): Tensor {
  return scope(() => {
    const embedding = model.denseWeight(embeddingName);
    const head = mergedWeight(adapter, headName, embedding);
    return head === embedding ? keepAs(embedding, embedding) : head;
  });
}

function mergedWeight(adapter: LoraAdapter, name: string, parameter: Tensor): Tensor {
  const whole = adapter.parameters.get(name);
  if (whole) return keepAs(whole, parameter);
  const target = pairOf(adapter, name);
  if (!target) return parameter;
  return noGrad(() =>
    scope(() => {
      const [down, up] = [target.down, target.up].map((part) => adapter.parameters.get(part.name)!) as [
        Tensor,
        Tensor,
      ];
      const wide = parameter.dtype === "float64" ? "float64" : "float32";
      const product = up.matmul(down).mul(target.scale);
      const sum = parameter.to(wide).add(target.kind === "embedding" ? product.t() : product);
      if (target.magnitude === null) return keepAs(sum, parameter);
      const magnitude = adapter.parameters.get(target.magnitude.name)!;
      const lengths = aten.linalg_vector_norm(sum, 2, [1]);
      return keepAs(sum.mul(magnitude.div(lengths).unsqueeze(1)), parameter);
    }),
  );
}

/** A copy in the dtype and on the device of another tensor, which outlives scopes. */
const keepAs = (tensor: Tensor, { dtype, device }: Tensor): Tensor =>
  noGrad(() => scope(() => keep(aten._to_copy(tensor.detach(), { dtype, device }))));
