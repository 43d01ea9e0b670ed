/** @file The modules of a model that can have a pair of low-rank matrices. */
import type { DecoderSpec } from "./decoder-spec.js";
import { embeddingName, headName, type ParameterSpec } from "./parameter-layout.js";

/** A module that can have a pair. */
export interface LoraModule {
  /** Such as `model.layers.0.self_attn.q_proj`. */
  readonly module: string;
  /** `projection`: of attention or a feed-forward network, as `all-linear` takes them; the others have to be named. */
  readonly kind: "projection" | "expert" | "head" | "embedding";
  readonly outputs: number;
  readonly inputs: number;
}

/** The module that a parameter belongs to. */
export const moduleOf = ({ name }: Pick<ParameterSpec, "name">): string =>
  name.replace(/\.(weight|bias)$/, "");

/** Not what chooses among the experts of a mixture; the head also where it is tied, because its pair is its own. */
export function loraModules(spec: DecoderSpec, layout: readonly ParameterSpec[]): LoraModule[] {
  const mixtures = spec.layers.flatMap(({ mixture }, index) =>
    mixture
      ? [
          {
            router: `model.layers.${index}.${mixture.names.router}.weight`,
            experts: `model.layers.${index}.${mixture.names.expert}.`,
          },
        ]
      : [],
  );
  const routers = new Set(mixtures.map(({ router }) => router));
  const kindOf = (name: string): LoraModule["kind"] => {
    if (name === embeddingName) return "embedding";
    if (name === headName) return "head";
    return mixtures.some(({ experts }) => name.startsWith(experts)) ? "expert" : "projection";
  };
  const { vocabSize, hiddenSize } = spec;
  const head: ParameterSpec = { name: headName, shape: [vocabSize, hiddenSize], kind: "matrix" };
  return [...layout, ...(spec.tiedEmbeddings ? [head] : [])]
    .filter(({ name, kind }) => kind === "matrix" && !routers.has(name))
    .map((parameter): LoraModule => {
      const [rows, columns] = parameter.shape as readonly [number, number];
      const kind = kindOf(parameter.name);
      // The embedding makes a row of hidden size of a token.
      const [outputs, inputs] = kind === "embedding" ? [columns, rows] : [rows, columns];
      return { module: moduleOf(parameter), kind, outputs, inputs };
    });
}
