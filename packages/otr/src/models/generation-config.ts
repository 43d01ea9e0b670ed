/** @file `generation_config.json`: which tokens end a text. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { readBounded } from "../config/read-bounded.js";
import { DataError } from "../errors.js";

/** The name of the file. */
export const GENERATION_CONFIG = "generation_config.json";

const tokenId = z.number().int();
const schema = z.looseObject({ eos_token_id: z.union([tokenId, z.array(tokenId)]).nullish() });

/**
 * The end tokens that a model folder's `generation_config.json` names, or null where it names none.
 *
 * @throws {DataError} `GENERATION_CONFIG_INVALID`, `FILE_UNREADABLE`
 */
export function readEosTokenIds(folder: string): readonly number[] | null {
  const path = join(folder, GENERATION_CONFIG);
  let text: string;
  try {
    text = readBounded(path, 2 ** 24);
  } catch (error) {
    if (error instanceof DataError) throw error;
    return null; // the file is optional
  }
  try {
    const eos = schema.parse(JSON.parse(text)).eos_token_id ?? null;
    return typeof eos === "number" ? [eos] : eos;
  } catch (error) {
    throw new DataError(
      "GENERATION_CONFIG_INVALID",
      `${path}: eos_token_id must be a token id or a list of them, in valid JSON; correct it or delete the file`,
      { cause: error },
    );
  }
}

/** The `generation_config.json` of a folder, or a new one where it has none, with another token that ends a text. */
export function withEosToken(folder: string, eosTokenId: number): string {
  const path = join(folder, GENERATION_CONFIG);
  const before: object = existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : {};
  return `${JSON.stringify({ ...before, eos_token_id: eosTokenId }, null, 2)}\n`;
}
