/**
 * @file How large the values of a template become. An operation runs to its end whatever it makes, so that what would grow
 * beyond all bounds is found before it is made.
 */

/** A value of the template engine. */
export interface RuntimeValue {
  readonly type: string;
  readonly value: unknown;
}

/** Characters of a text, or of a value written out. A conversation of that size is none. */
export const LARGEST_TEXT = 1 << 24;
/** Items of a list. */
export const LARGEST_LIST = 1 << 20;

/** What a number, a truth value or the frame of a list counts, in characters. */
const FRAME = 4;

/**
 * How many characters a value has about when it is written out; {@link LARGEST_TEXT} and more for what is too large,
 * without walking all of it. A list that holds another one twice is written out twice.
 * @param known sizes of lists and objects from earlier calls; those that can still change are not kept
 */
export function writtenSize(value: RuntimeValue, known: WeakMap<RuntimeValue, number>): number {
  // A namespace can be assigned to, so that the size of what holds one is not kept.
  let namespaces = 0;
  const measure = (part: RuntimeValue, budget: number): number => {
    const content = part.value;
    if (typeof content === "string") return FRAME + content.length;
    if (typeof content !== "object" || content === null) return FRAME;
    const earlier = known.get(part);
    if (earlier !== undefined) return earlier;
    if (part.type === "NamespaceValue") namespaces += 1;
    const namespacesBefore = namespaces;
    let size = FRAME;
    for (const child of childrenOf(content)) {
      if (size >= budget) return size;
      size += measure(child, budget - size);
    }
    if (content instanceof Map) for (const key of content.keys()) size += String(key).length;
    const isFinal = namespaces === namespacesBefore && part.type !== "NamespaceValue";
    if (isFinal) known.set(part, size);
    return size;
  };
  return measure(value, LARGEST_TEXT);
}

function childrenOf(content: object): Iterable<RuntimeValue> {
  if (Array.isArray(content)) return content;
  return content instanceof Map ? content.values() : [];
}

/**
 * What a method or filter makes of a text or list, at most: characters, or items for `split`.
 * @param argument the argument at a position or of a name, if it is given
 */
export function grownSize(
  name: string,
  operand: unknown,
  argument: (position: number, name: string) => unknown,
): { readonly size: number; readonly limit: number } {
  const grown = (size: number, limit = LARGEST_TEXT) => ({ size, limit });
  if (name === "join" && Array.isArray(operand)) {
    return grown(operand.length * lengthOf(argument(0, "separator")));
  }
  if (name === "tojson") return grown(numberOf(argument(-1, "indent"), 0) * LARGEST_LIST);
  if (typeof operand !== "string") return grown(0);
  switch (name) {
    case "replace": {
      const added = lengthOf(argument(1, "new")) - lengthOf(argument(0, "old"));
      return grown(operand.length + Math.max(0, added) * occurrences(operand, argument(0, "old")));
    }
    case "indent":
      return grown(operand.length + (occurrences(operand, "\n") + 1) * numberOf(argument(0, "width"), 4));
    case "join":
      return grown(operand.length * (1 + lengthOf(argument(0, "separator"))), LARGEST_LIST);
    case "split":
      return grown(occurrences(operand, argument(0, "sep")), LARGEST_LIST);
    default:
      return grown(0);
  }
}

function lengthOf(text: unknown): number {
  return typeof text === "string" ? text.length : 0;
}

function numberOf(value: unknown, fallback: number): number {
  return typeof value === "number" ? value : fallback;
}

/** How often a text occurs in another; of what is no text, as often as there may be white space. */
function occurrences(text: string, part: unknown): number {
  if (typeof part !== "string") return text.length / 2;
  if (part === "") return text.length + 1;
  let count = 0;
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length)) count += 1;
  return count;
}
