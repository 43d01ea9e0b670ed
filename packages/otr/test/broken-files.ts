/** @file Makes broken and hostile variants of sound files, the same ones for the same seed. */

/** Values that readers stumble over, as JSON has them. */
const HOSTILE = [
  "null",
  "true",
  "false",
  "0",
  "-1",
  "1",
  "0.5",
  "1e-320",
  "1e308",
  "1e999",
  "-1e999",
  "2147483647",
  "2147483648",
  "4294967296",
  "9007199254740993",
  "18446744073709551616",
  '""',
  '"x"',
  '"__proto__"',
  '"\\u0000"',
  '"\\ud800"',
  '"../../etc/passwd"',
  '"/etc/passwd"',
  '"(a+)+$"',
  '"("',
  "[]",
  "{}",
  "[null]",
  '{"__proto__": {"polluted": true}}',
  '{"toString": 1}',
  `"${"long ".repeat(5000)}"`,
  `${"[".repeat(20_000)}${"]".repeat(20_000)}`,
  `${'{"a":'.repeat(5000)}1${"}".repeat(5000)}`,
  `[${"0,".repeat(20_000)}0]`,
] as const;

const NAMES = ["__proto__", "constructor", "toString", "type", "", "0", "x"] as const;

/** Stands in a tree for JSON text that no JavaScript value is written as. */
class Raw {
  constructor(readonly text: string) {}
}

type Tree = null | boolean | number | string | Raw | Tree[] | TreeObject;

/** An object as a list of entries, so that a name can stand there twice. */
class TreeObject {
  constructor(readonly entries: [string, Tree][]) {}
}

/** A place in a tree: how to replace what is there, remove it, or put another beside it. */
interface Place {
  readonly value: Tree;
  replace(value: Tree): void;
  remove(): void;
  repeat(): void;
  /** null: elements of lists have none. */
  readonly rename: ((name: string) => void) | null;
}

/** A source of broken files. */
export class BrokenFiles {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** A whole number below `limit` (mulberry32). */
  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }

  /** The text of a JSON file with one to three changes to its structure. */
  json(value: unknown): string {
    const root = new TreeObject([["", treeOf(value)]]);
    // Mostly one: what has several mistakes is refused for the first.
    const changes = this.below(3) === 0 ? 2 + this.below(2) : 1;
    for (let change = 0; change < changes; change++) this.#change(root);
    return textOf(root.entries[0]?.[1] ?? null);
  }

  /** Bytes of a file with some changed, inserted, taken out, or its end cut off. */
  bytes(sound: Uint8Array): Buffer {
    let bytes: Buffer = Buffer.from(sound);
    const changes = 1 + this.below(3);
    for (let change = 0; change < changes; change++) {
      const at = this.below(bytes.length + 1);
      const action = this.below(4);
      if (action === 0) bytes = bytes.subarray(0, at);
      else if (action === 1 && at < bytes.length) bytes[at] = this.below(256);
      else if (action === 2) {
        bytes = Buffer.concat([bytes.subarray(0, at), Buffer.from([this.below(256)]), bytes.subarray(at)]);
      } else bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + this.below(8))]);
    }
    return bytes;
  }

  #change(root: TreeObject): void {
    const places = placesIn(root);
    if (places.length === 0) return;
    // Places near the root are few and decide the most.
    const place = this.below(3) === 0 ? places[this.below(Math.min(places.length, 40))]! : this.pick(places);
    const { value } = place;
    switch (this.below(8)) {
      case 0:
        place.remove();
        return;
      case 1:
        place.repeat();
        return;
      case 2:
        place.rename?.(this.pick(NAMES));
        return;
      case 3:
        place.replace(new Raw(textOf(this.pick(places).value)));
        return;
      case 4:
        if (typeof value === "number") {
          place.replace(this.pick([-value, value + 1, value - 1, value * 2, value / 2, value * 1e6]));
          return;
        }
        break;
      case 5:
        if (typeof value === "string") {
          const at = this.below(value.length + 1);
          place.replace(
            value.slice(0, at) + this.pick(["", "é", "(", "*", "x", " ", "\n"]) + value.slice(at + 1),
          );
          return;
        }
        break;
    }
    place.replace(new Raw(this.pick(HOSTILE)));
  }
}

function treeOf(value: unknown): Tree {
  if (Array.isArray(value)) return value.map(treeOf);
  if (typeof value === "object" && value !== null) {
    return new TreeObject(Object.entries(value).map(([name, inner]) => [name, treeOf(inner)]));
  }
  return value as null | boolean | number | string;
}

function textOf(tree: Tree): string {
  if (tree instanceof Raw) return tree.text;
  if (tree instanceof TreeObject) {
    return `{${tree.entries.map(([name, value]) => `${JSON.stringify(name)}:${textOf(value)}`).join()}}`;
  }
  if (Array.isArray(tree)) return `[${tree.map(textOf).join()}]`;
  return JSON.stringify(tree);
}

/** Every place of a tree, breadth first. */
function placesIn(root: TreeObject): Place[] {
  const places: Place[] = [];
  const open: Tree[] = [root];
  for (let at = 0; at < open.length && places.length < 5000; at++) {
    const tree = open[at]!;
    if (tree instanceof TreeObject) {
      for (const entry of tree.entries) {
        open.push(entry[1]);
        places.push(
          placeOf(
            tree.entries,
            entry,
            entry[1],
            (value) => [entry[0], value],
            (name) => {
              entry[0] = name;
            },
          ),
        );
      }
    } else if (Array.isArray(tree)) {
      const list = tree;
      for (const element of list) {
        open.push(element);
        places.push(placeOf(list, element, element, (value) => value, null));
      }
    }
  }
  return places;
}

/** The place of `element` in `list`; changes before it may have moved it. */
function placeOf<Element>(
  list: Element[],
  element: Element,
  value: Tree,
  wrap: (value: Tree) => Element,
  rename: Place["rename"],
): Place {
  const splice = (removed: number, ...added: Element[]) => {
    const at = list.indexOf(element);
    if (at >= 0) list.splice(at, removed, ...added);
  };
  return {
    value,
    replace: (changed) => splice(1, wrap(changed)),
    remove: () => splice(1),
    repeat: () => splice(0, wrap(value)),
    rename,
  };
}
