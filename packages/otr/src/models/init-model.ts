import { aten, full, Generator, type Tensor, zeros } from "@one-token/torch";
import { CausalLM } from "./causal-lm.js";
import { makeParameters } from "./make-parameters.js";
import type { ModelConfig, WeightDType } from "./model-config.js";
import { embeddingName, type ParameterSpec, parameterLayout } from "./parameter-layout.js";
import { decoderSpecOf } from "./registry.js";

/** How to hold the new parameters. */
export interface InitModelOptions {
  /** Seed of the generator: one seed, one model. */
  readonly seed: number;
  /** Default `"float32"`. */
  readonly dtype?: WeightDType;
  /** Default `"cpu"`. */
  readonly device?: string;
  /** Whether the parameters record gradients; default true, since a random model is there to be trained. */
  readonly trainable?: boolean;
}

/**
 * A model with random weights, to be pre-trained: matrices normal(0, `initializer_range`), biases 0, norms so that they multiply by 1, and
 * the padding token's embedding 0, as transformers initialises them.
 *
 * @throws {DataError} `MODEL_TYPE_UNSUPPORTED`, `MODEL_CONFIG_INVALID`
 */
export function initModel(config: ModelConfig, options: InitModelOptions): CausalLM {
  const { seed, dtype = "float32", device = "cpu", trainable = true } = options;
  const spec = decoderSpecOf(config);
  const generator = new Generator({ device, seed });
  const initialValue = ({ shape, kind }: ParameterSpec): Tensor => {
    if (kind === "norm") return full(shape, 1 - spec.normOffset, { dtype, device });
    const value = zeros(shape, { dtype, device });
    return kind === "bias" ? value : aten.normal_(value, 0, spec.initializerRange, { generator });
  };
  const makers = parameterLayout(spec).map((layout): [string, () => Tensor] => [
    layout.name,
    () => {
      const value = initialValue(layout);
      const { padTokenId } = spec;
      if (layout.name === embeddingName && padTokenId !== null) value.narrow(0, padTokenId, 1).zero_();
      return value;
    },
  ]);
  const parameters = makeParameters(makers, trainable);
  return new CausalLM(config, spec, parameters);
}
