/** @file Checks SentencePiece's precompiled character map, whose reader trusts every number in it. */

/** A unit of the double array, as `darts-clone` packs it. */
const hasLeaf = (unit: number): boolean => ((unit >>> 8) & 1) === 1;
const replacementOf = (unit: number): number => unit & 0x7fffffff;
const labelOf = (unit: number): number => unit & 0x800000ff;
const offsetOf = (unit: number): number => ((unit >>> 10) << ((unit & 0x200) >>> 6)) >>> 0;

/**
 * Why a character map cannot be used; null where it can. It is base64 of the bytes of a trie (32 bits), its units (32 bits
 * each), and replacements that end with a zero byte.
 */
export function characterMapProblem(base64: string): string | null {
  const bytes = Buffer.from(base64, "base64");
  if (bytes.toString("base64") !== base64) return "is no base64";
  if (bytes.length < 4) return "is cut off";
  const end = 4 + bytes.readUInt32LE(0);
  if (end > bytes.length || end % 4 !== 0 || end < 8) return "is cut off";
  const units = Uint32Array.from({ length: end / 4 - 1 }, (_, at) => bytes.readUInt32LE(4 + 4 * at));
  const replacements = bytes.subarray(end);
  if (!isUtf8(replacements)) return "has replacements that are not UTF-8";

  const first = offsetOf(units[0]!);
  const seen = new Set([first]);
  const open = [first];
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    for (let byte = 1; byte < 256; byte++) {
      const at = (state ^ byte) >>> 0;
      const unit = units[at];
      if (unit === undefined) return "points beyond its trie";
      if (labelOf(unit) !== byte) continue;
      const next = (at ^ offsetOf(unit)) >>> 0;
      if (hasLeaf(unit)) {
        const leaf = units[next];
        if (leaf === undefined) return "points beyond its trie";
        if (!isStart(replacements, replacementOf(leaf))) return "points beyond its replacements";
      }
      if (!seen.has(next)) {
        seen.add(next);
        open.push(next);
      }
    }
  }
  return null;
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** Whether a character may begin at an offset. */
const isStart = (text: Uint8Array, offset: number): boolean =>
  offset <= text.length && ((text[offset] ?? 0) & 0xc0) !== 0x80;
