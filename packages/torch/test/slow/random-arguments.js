/** @file Random arguments for the fuzz: plausible ones, so that calls get past the first check, and absurd ones. */
import { full, Generator, Tensor, tensor } from "../../dist/index.js";

const DTYPES = [
  "float32",
  "float64",
  "bfloat16",
  "float16",
  "int64",
  "int32",
  "int16",
  "int8",
  "uint8",
  "bool",
  "complex64",
  "complex128",
  "float8_e4m3fn",
  "float8_e5m2",
];
const SHAPES = [
  [],
  [0],
  [1],
  [3],
  [4],
  [2, 3],
  [3, 3],
  [4, 4],
  [0, 3],
  [3, 0],
  [1, 1, 1],
  [2, 3, 4],
  [3, 3, 3],
  [1, 2, 3, 4],
  [2, 2, 4, 4],
  [1, 1, 2, 2, 2],
  [2, 1, 3, 3, 3],
  [5, 0, 2],
  [1, 1, 1, 1, 1, 1, 1, 1],
  [17],
  [130],
  [8, 16],
];
const SMALL = [-2, -1, 0, 0, 1, 1, 1, 2, 2, 3, 4, 5];
const HUGE = [
  -5,
  7,
  64,
  1000,
  -1_000_000,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32,
  2 ** 40,
  Number.MAX_SAFE_INTEGER,
  -Number.MAX_SAFE_INTEGER,
  2n ** 62n,
  2n ** 63n - 1n,
  -(2n ** 63n),
];
const NO_INTEGERS = [Number.NaN, 1.5, Number.POSITIVE_INFINITY, 2 ** 53, 2n ** 64n];
const FLOATS = [
  0,
  -0,
  1,
  -1,
  0.5,
  1e-8,
  2,
  3.7,
  1e308,
  1e-320,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
];
const STRINGS = [
  "",
  "none",
  "mean",
  "sum",
  "prod",
  "amax",
  "linear",
  "floor",
  "trunc",
  "ij",
  "xy",
  "L",
  "U",
  "reduced",
  "complete",
  "fro",
  "nuc",
  "gelsd",
  "ij,jk->ik",
  "...,...",
  "i",
  "tanh",
  "reflect",
  "bogus",
  "\0",
  "\u{1F980}",
  "x".repeat(10_000),
];
/** Names of arguments that hold places in other tensors, which a kernel must check. */
const INDEX_NAME =
  /ind(ex|ices)|offset|target|pivots|length|sorter|batch_sizes|perm|reserve|state|mask|bins|seq/;

/** A source of random values, the same for the same seed (mulberry32). */
export class RandomArguments {
  #state;

  /** @param {number} seed */
  constructor(seed) {
    this.#state = seed >>> 0;
  }

  /** A number in [0, 1). */
  next() {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** @param {number} probability */
  chance(probability) {
    return this.next() < probability;
  }

  /**
   * @template T
   * @param {readonly T[]} list
   * @returns {T}
   */
  pick(list) {
    return list[Math.floor(this.next() * list.length)];
  }

  /** The shape and dtype that most tensors of one call have in common. */
  family() {
    return { shape: this.pick(SHAPES), dtype: this.chance(0.5) ? "float32" : this.pick(DTYPES) };
  }

  /**
   * @param {{ shape: readonly number[], dtype: string }} family
   * @param {string} [name] of the argument
   */
  tensor(family, name = "") {
    const isIndex = INDEX_NAME.test(name) && this.chance(0.7);
    const shape = this.chance(0.75) ? family.shape : this.pick(SHAPES);
    const usual = isIndex ? this.pick(["int64", "int64", "int64", "int32"]) : family.dtype;
    const dtype = isIndex || this.chance(0.75) ? usual : this.pick(DTYPES);
    const isFloat = dtype.startsWith("float") || dtype === "bfloat16" || dtype.startsWith("complex");
    const size = shape.reduce((product, length) => product * length, 1);
    const value = this.chance(0.7)
      ? () => this.pick([-1, 0, 0, 1, 1, 2, 3])
      : () =>
          this.pick(
            isFloat ? [...FLOATS, 0.3, -1.7] : [-1, 0, 1, 100, 127, 2 ** 31 - 1, Number.MAX_SAFE_INTEGER],
          );
    let made = tensor(Array.from({ length: size }, value), {
      dtype: isFloat ? "float64" : "int64",
      shape,
    }).to(dtype);
    if (shape.length >= 2 && this.chance(0.15)) made = made.transpose(0, 1);
    if (this.chance(0.05)) made = full([], 1, { dtype }).expand(shape);
    if (made.shape[0] > 1 && this.chance(0.05)) made = made.narrow(0, 1, made.shape[0] - 1);
    if (isFloat && !dtype.startsWith("float8") && this.chance(0.15)) {
      made = made.detach();
      made.requiresGrad = true;
    }
    if (this.chance(0.02)) made.dispose();
    return made;
  }

  integer() {
    if (this.chance(0.88)) return this.pick(SMALL);
    return this.chance(0.9) ? this.pick(HUGE) : this.pick(NO_INTEGERS);
  }

  /** What no operator asks for. */
  junk() {
    return this.pick([
      () => undefined,
      () => null,
      () => ({}),
      () => [],
      () => "text",
      () => Number.NaN,
      () => true,
      () => 10n ** 30n,
      () => Symbol("s"),
      () => () => 1,
      () => new Date(0),
      () => new Proxy({}, {}),
      () => new Proxy([], {}),
      () => Object.create(null),
      () => new Generator({ seed: 1 }),
      () => [tensor([1]), null, 3, "x"],
      () => new Array(3),
      () => [[1, 2], [3]],
      detachedArray,
      () =>
        Object.defineProperty([1, 2, 3], 1, {
          get: () => {
            throw new ExpectedError("from a getter");
          },
        }),
      () => disposing(tensor([1, 2, 3])),
      () => Object.create(Tensor.prototype),
    ])();
  }

  /**
   * @param {{ type: string, fixedSize: boolean, nullable: boolean, name: string }} argument
   * @param {{ shape: readonly number[], dtype: string }} family
   * @returns {unknown}
   */
  argument(argument, family) {
    if (this.chance(0.03)) return this.junk();
    if (argument.nullable && this.chance(0.3)) return null;
    const { type } = argument;
    if (type.endsWith("[]")) return this.#list(type.slice(0, -2), argument, family);
    return this.#scalar(type, argument.name, family);
  }

  /**
   * @param {string} type
   * @param {{ fixedSize: boolean, name: string }} argument
   * @param {{ shape: readonly number[], dtype: string }} family
   */
  #list(type, { fixedSize, name }, family) {
    if (fixedSize && this.chance(0.2)) return this.#scalar(type, name, family);
    const usual = type === "int" && this.chance(0.5) ? family.shape.length : this.pick([0, 1, 1, 2, 2, 3]);
    const length = this.chance(0.98) ? usual : 70;
    return Array.from({ length }, () => {
      if (this.chance(0.01)) return this.junk();
      return type === "Tensor?" && this.chance(0.3)
        ? null
        : this.#scalar(type.replace("?", ""), name, family);
    });
  }

  /**
   * @param {string} type
   * @param {string} name
   * @param {{ shape: readonly number[], dtype: string }} family
   */
  #scalar(type, name, family) {
    switch (type) {
      case "Tensor":
        return this.tensor(family, name);
      case "int":
        return this.integer();
      case "float":
        return this.pick(FLOATS);
      case "Scalar":
        return this.chance(0.5) ? this.pick(FLOATS) : this.chance(0.9) ? this.integer() : this.chance(0.5);
      case "bool":
        return this.chance(0.5);
      case "str":
        return this.pick(STRINGS);
      case "ScalarType":
        return this.chance(0.95) ? this.pick(DTYPES) : "float33";
      case "Layout":
        return this.pick(["strided", "strided", "sparse_coo"]);
      case "MemoryFormat":
        return this.pick(["contiguous", "preserve", "channels_last", "channels_last_3d", "x"]);
      case "Device":
        return this.pick(["cpu", "cpu", "cpu", "cuda", "meta", "cuda:99999", "", "cpu:-7"]);
      case "Generator":
        return this.chance(0.9) ? new Generator({ seed: 1 }) : this.junk();
      default:
        return this.junk();
    }
  }
}

/** Thrown by the getters of junk; the only error besides TorchError that a call may end with. */
export class ExpectedError extends Error {}

function detachedArray() {
  const array = new Float32Array(4);
  structuredClone(array.buffer, { transfer: [array.buffer] });
  return array;
}

/** A list whose last element disposes the first while the list is being read. @param {Tensor} victim */
function disposing(victim) {
  const list = [victim, victim];
  return Object.defineProperty(list, 2, {
    enumerable: true,
    get: () => {
      victim.dispose();
      return victim;
    },
  });
}
