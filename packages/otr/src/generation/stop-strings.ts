/** @file Stop strings, found also where they cross the borders of tokens. */

/** Turns token ids into text. */
export type Decode = (tokenIds: readonly number[]) => Promise<string>;

/**
 * Tokens that are decoded before the ones which can hold the stop string: decoders drop a leading space and spoil a
 * character whose first bytes are missing, so the first tokens of an excerpt read differently.
 */
const margin = 4;

/** The text before the earliest of `stopStrings`, or null where none occurs. */
export function textBeforeStop(text: string, stopStrings: readonly string[]): string | null {
  const found = stopStrings.map((stop) => text.indexOf(stop)).filter((index) => index >= 0);
  return found.length === 0 ? null : text.slice(0, Math.min(...found));
}

/**
 * Whether one of `stopStrings` occurs in the continuation, asked after every token: only as many of the last tokens
 * are decoded as can hold one that was not there before (a token is a byte at least).
 */
export async function endsWithStop(
  continuation: readonly number[],
  stopStrings: readonly string[],
  decode: Decode,
): Promise<boolean> {
  const longest = Math.max(...stopStrings.map((stop) => Buffer.byteLength(stop)));
  const excerpt = await decode(continuation.slice(-(longest + margin)));
  if (textBeforeStop(excerpt, stopStrings) === null) return false;
  return textBeforeStop(await decode(continuation), stopStrings) !== null;
}
