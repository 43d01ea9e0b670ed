/** @file Numbers of experts in `config.json`. */
import { z } from "zod";
import { configInvalid, type ModelConfig } from "./model-config.js";

/** Bounded, because a list of the parameters is made before any weight is seen. */
export const expertCount = z.number().int().positive().max(10_000);

/** @throws {DataError} `MODEL_CONFIG_INVALID` where a token would pass more experts than there are */
export function checkExperts({ source }: ModelConfig, experts: number, expertsPerToken: number): void {
  if (expertsPerToken <= experts) return;
  throw configInvalid(source, [
    `num_experts_per_tok is ${expertsPerToken}, but there are ${experts} experts`,
  ]);
}
