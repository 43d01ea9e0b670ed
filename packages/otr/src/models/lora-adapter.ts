/** @file An adapter: pairs of low-rank matrices beside frozen ones, and modules that are trained whole. */
import { aten, Generator, keep, noGrad, scope, type Tensor, zeros } from "@one-token/torch";
import type { CausalLM } from "./causal-lm.js";
import { type LoraConfig, loraScale } from "./lora-config.js";
import { type LoraLayout, type LoraPart, loraLayout, loraParameterName } from "./lora-targets.js";
import { embeddingName, headName } from "./parameter-layout.js";

/** A LoRA adapter of some model. It owns its parameters, which live outside of scopes until {@link dispose}. */
export class LoraAdapter {
  /** What the product of a pair is multiplied by. */
  readonly scale: number;
  readonly #targets: ReadonlySet<string>;

  /** @param parameters in float32 or wider, by the names of {@link LoraLayout.parameters} */
  constructor(
    readonly config: LoraConfig,
    readonly layout: LoraLayout,
    readonly parameters: ReadonlyMap<string, Tensor>,
  ) {
    this.scale = loraScale(config);
    this.#targets = new Set(layout.targets.map(({ module }) => module));
  }

  /** Whether a linear module has a pair. */
  changes(module: string): boolean {
    return this.#targets.has(module);
  }

  /** A parameter of a module's pair. */
  part(module: string, part: LoraPart): Tensor {
    return this.parameters.get(loraParameterName(module, part))!;
  }

  /** Frees the parameters. The adapter is of no use afterwards. */
  dispose(): void {
    for (const parameter of this.parameters.values()) parameter.dispose();
  }
}

/**
 * A new adapter that changes nothing yet: A is uniform in +-1/sqrt(inputs), as PEFT draws it, B is zero; DoRA's lengths are
 * those of the weight's rows, and modules that are trained whole begin as copies.
 *
 * @param source where the settings come from; error messages begin with it
 * @throws {DataError} `LORA_TARGETS`
 */
export function createAdapter(
  model: CausalLM,
  config: LoraConfig,
  seed: number,
  source: string,
): LoraAdapter {
  const layout = loraLayout(model.spec, config, source);
  const { device } = model;
  const generator = new Generator({ device, seed });
  const parameters = new Map<string, Tensor>();
  const add = (name: string, make: () => Tensor) => {
    const parameter = noGrad(() => scope(() => keep(make())));
    parameter.requiresGrad = true;
    parameters.set(name, parameter);
  };
  for (const { module, inputs, outputs } of layout.targets) {
    const bound = inputs ** -0.5;
    const options = { dtype: "float32", device } as const;
    add(loraParameterName(module, "lora_A.weight"), () =>
      aten.uniform_(zeros([config.rank, inputs], options), -bound, bound, { generator }),
    );
    add(loraParameterName(module, "lora_B.weight"), () => zeros([outputs, config.rank], options));
    if (config.useDora) {
      add(loraParameterName(module, "lora_magnitude_vector"), () =>
        aten.linalg_vector_norm(model.denseWeight(`${module}.weight`).to("float32"), 2, [1]),
      );
    }
  }
  for (const { name } of layout.saved) {
    // A head that is tied is the embedding until it is trained apart.
    const stored = name === headName && model.spec.tiedEmbeddings ? embeddingName : name;
    add(name, () => aten._to_copy(model.denseWeight(stored), { dtype: "float32" }));
  }
  return new LoraAdapter(config, layout, parameters);
}
