/** @file Reads `generation_config.json`: which tokens end a text. */
import { join } from "node:path";
import { z } from "zod";
import { readBounded } from "../config/read-bounded.js";
import { DataError } from "../errors.js";

const tokenId = z.number().int();
const schema = z.looseObject({ eos_token_id: z.union([tokenId, z.array(tokenId)]).nullish() });

/**
 * The end tokens that a model folder's `generation_config.json` names, or null where it names none.
 *
 * @throws {DataError} `GENERATION_CONFIG_INVALID`, `FILE_UNREADABLE`
 */
export function readEosTokenIds(folder: string): readonly number[] | null {
  const path = join(folder, "generation_config.json");
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
