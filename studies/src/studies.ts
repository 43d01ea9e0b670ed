/** @file What the study consists of: its comparisons in order, and the models that they need. */
import { fileURLToPath } from "node:url";
import type { BaseModelName } from "./base-models.js";

/** A comparison of the study. Its configuration is `studies/NAME.yaml`, its results are in `studies/results/NAME`. */
export interface Study {
  readonly name: string;
  /** Models that are made before it, by `pretrain` or by `otr train studies/warm-start.yaml`. */
  readonly needs?: BaseModelName | "warm";
}

/** In the order in which they are carried out: the cheapest and most telling first. */
export const studies: readonly Study[] = [
  { name: "objectives-noisy" },
  { name: "objectives-clean" },
  { name: "equal-rate-1e-4" },
  { name: "equal-rate-3e-5" },
  { name: "equal-rate-clean" },
  { name: "objectives-new-skill" },
  { name: "draws" },
  { name: "new-skill-remedies" },
  { name: "models-qwen3", needs: "qwen3_small" },
  { name: "noise-dose" },
  { name: "temperature" },
  { name: "new-skill-warm", needs: "warm" },
  { name: "formats" },
  { name: "models-llama-5m", needs: "llama_5m" },
  { name: "models-llama-30m", needs: "llama_30m" },
];

/** The root of the repository, where the configurations' paths start. */
export const repository = fileURLToPath(new URL("../..", import.meta.url));
