/** @file The models that transformers has computed references of, `test/peers/make_architectures.py` and the shared ones. */
import { fileURLToPath } from "node:url";
import { hasShared, shared } from "../shared.js";

const SHARED = [
  "llama",
  "llama3_rope",
  "qwen2",
  "qwen3",
  "mistral_window",
  "gemma2",
  "gemma3_text",
  "phi3",
  "olmo2",
  "smollm3",
];

/** Made by this project's own script. */
const OWN = ["gemma", "granite", "phi3_partial", "phi3_longrope", "qwen2_yarn", "mixtral", "qwen3_moe"];

/** Name and folder of each. */
export const architectures: [string, string][] = [
  ...OWN.map((name): [string, string] => [
    name,
    fileURLToPath(new URL(`../references/architectures/${name}`, import.meta.url)),
  ]),
  ...(hasShared
    ? SHARED.map((name): [string, string] => [name, shared(`reference/architectures/${name}`)])
    : []),
];
