/** @file An adapter: pairs of low-rank matrices beside frozen ones, and modules that are trained whole. */
import { aten, Generator, type Tensor, zeros } from "@one-token/torch";
import type { CausalLM } from "./causal-lm.js";
import { withMeanRows } from "./grow-vocabulary.js";
import type { LoraConfig } from "./lora-config.js";
import { type LoraLayout, type LoraTarget, loraLayout } from "./lora-targets.js";
import { makeParameters } from "./make-parameters.js";
import { embeddingName, headName } from "./parameter-layout.js";

/** A LoRA adapter of some model. It owns its parameters, which live outside of scopes until {@link dispose}. */
export class LoraAdapter {
  readonly #targets: ReadonlyMap<string, LoraTarget>;

  /** @param parameters in float32 or wider, by the names of {@link LoraLayout.parameters} */
  constructor(
    readonly config: LoraConfig,
    readonly layout: LoraLayout,
    readonly parameters: ReadonlyMap<string, Tensor>,
  ) {
    this.#targets = new Map(layout.targets.map((target) => [target.module, target]));
  }

  /** The pair of a module; undefined: it has none. */
  target(module: string): LoraTarget | undefined {
    return this.#targets.get(module);
  }

  /** Frees the parameters. The adapter is of no use afterwards. */
  dispose(): void {
    for (const parameter of this.parameters.values()) parameter.dispose();
  }
}

/**
 * A new adapter that changes nothing yet: A is uniform in +-1/sqrt(inputs), as PEFT draws it, B is zero; of the embedding, A
 * is zero and B normal(0, 1). DoRA's lengths are those of the weight's rows, and modules that are trained whole begin as
 * copies, with a mean row for each further token.
 *
 * @param source where the settings come from; error messages begin with it
 * @param vocabSize rows of embedding and head, which the adapter must hold both where there are more than the model has
 * @throws {DataError} `LORA_TARGETS`
 */
export function createAdapter(
  model: CausalLM,
  config: LoraConfig,
  seed: number,
  source: string,
  vocabSize: number = model.spec.vocabSize,
): LoraAdapter {
  const layout = loraLayout({ ...model.spec, vocabSize }, config, source);
  const { device } = model;
  const generator = new Generator({ device, seed });
  const options = { dtype: "float32", device } as const;
  const makers: [string, () => Tensor][] = [];
  for (const { module, kind, inputs, down, up, magnitude } of layout.targets) {
    const bound = inputs ** -0.5;
    const empty = (shape: readonly number[]) => zeros([...shape], options);
    if (kind === "embedding") {
      makers.push([down.name, () => empty(down.shape)]);
      makers.push([up.name, () => aten.normal_(empty(up.shape), 0, 1, { generator })]);
    } else {
      makers.push([down.name, () => aten.uniform_(empty(down.shape), -bound, bound, { generator })]);
      makers.push([up.name, () => empty(up.shape)]);
    }
    if (magnitude !== null) {
      const lengths = () =>
        aten.linalg_vector_norm(model.denseWeight(`${module}.weight`).to("float32"), 2, [1]);
      makers.push([magnitude.name, lengths]);
    }
  }
  for (const { name, shape } of layout.saved) {
    // A head that is tied is the embedding until it is trained apart.
    const stored = name === headName && model.spec.tiedEmbeddings ? embeddingName : name;
    makers.push([
      name,
      () => {
        const copy = aten._to_copy(model.denseWeight(stored), { dtype: "float32" });
        return withMeanRows(copy, shape[0]! - copy.shape[0]!);
      },
    ]);
  }
  return new LoraAdapter(config, layout, makeParameters(makers, true));
}
