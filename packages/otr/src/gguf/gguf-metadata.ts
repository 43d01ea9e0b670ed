/** @file The key-value pairs of a GGUF file, with checks of what is read from them. */
import { ggufInvalid } from "./gguf-error.js";
import type { HeaderReader } from "./header-reader.js";

type NumberArray =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array
  | BigUint64Array
  | BigInt64Array;

/** Integers of 64 bits are the nearest number that JavaScript has. */
export type MetadataValue = number | boolean | string | readonly string[] | NumberArray;

interface ScalarType {
  readonly size: number;
  readonly read: (bytes: Buffer) => number | boolean;
  readonly array: new (buffer: ArrayBuffer) => NumberArray;
}

/** By the number that stands in the file. */
const SCALARS: Readonly<Record<number, ScalarType>> = {
  0: { size: 1, read: (bytes) => bytes.readUInt8(), array: Uint8Array },
  1: { size: 1, read: (bytes) => bytes.readInt8(), array: Int8Array },
  2: { size: 2, read: (bytes) => bytes.readUInt16LE(), array: Uint16Array },
  3: { size: 2, read: (bytes) => bytes.readInt16LE(), array: Int16Array },
  4: { size: 4, read: (bytes) => bytes.readUInt32LE(), array: Uint32Array },
  5: { size: 4, read: (bytes) => bytes.readInt32LE(), array: Int32Array },
  6: { size: 4, read: (bytes) => bytes.readFloatLE(), array: Float32Array },
  7: { size: 1, read: (bytes) => bytes.readUInt8() !== 0, array: Uint8Array },
  10: { size: 8, read: (bytes) => Number(bytes.readBigUInt64LE()), array: BigUint64Array },
  11: { size: 8, read: (bytes) => Number(bytes.readBigInt64LE()), array: BigInt64Array },
  12: { size: 8, read: (bytes) => bytes.readDoubleLE(), array: Float64Array },
};
const STRING = 8;
const ARRAY = 9;

/** Of strings in a list: the largest vocabularies have a few hundred thousand tokens. */
const MOST_STRINGS = 2 ** 22;

/**
 * Reads the value of a key, its type before it.
 *
 * @throws {DataError} `GGUF_INVALID` for types that do not exist, arrays in arrays, and what reaches beyond the file
 */
export function readMetadataValue(reader: HeaderReader, key: string): MetadataValue {
  const what = `the value of ${JSON.stringify(key)}`;
  const type = reader.uint32(`the type of ${JSON.stringify(key)}`);
  const scalar = SCALARS[type];
  if (scalar) return scalar.read(reader.bytes(scalar.size, what));
  if (type === STRING) return reader.string(what);
  if (type === ARRAY) return readArray(reader, what);
  throw ggufInvalid(reader.path, `${what} at byte ${reader.offset} has type ${type}, which does not exist`);
}

function readArray(reader: HeaderReader, what: string): MetadataValue {
  const type = reader.uint32(`the type of the elements in ${what}`);
  const length = reader.count(`the number of elements in ${what}`);
  const scalar = SCALARS[type];
  if (scalar) {
    const bytes = reader.bytes(length * scalar.size, what);
    // A copy of its own: it outlives the reader's block, and is aligned.
    return new scalar.array(Uint8Array.from(bytes).buffer);
  }
  if (type !== STRING) {
    throw ggufInvalid(
      reader.path,
      `the elements of ${what} at byte ${reader.offset} are of type ${type}: neither numbers nor strings`,
    );
  }
  // Each string has at least its length: a wrong number of them is found before memory is taken for it.
  reader.require(length * 8, what);
  if (length > MOST_STRINGS) throw ggufInvalid(reader.path, `${what} has ${length} strings`);
  return Array.from({ length }, () => reader.string(`an element of ${what}`));
}

/** Reads values by key, and says which is missing or of another type. */
export class GgufMetadata {
  constructor(
    private readonly path: string,
    private readonly values: ReadonlyMap<string, MetadataValue>,
  ) {}

  /** null where it is absent. @throws {DataError} `GGUF_INVALID` for another type */
  string(key: string): string | null {
    const value = this.values.get(key) ?? null;
    if (value === null || typeof value === "string") return value;
    throw this.#wrong(key, "a string");
  }

  /** null where it is absent. @throws {DataError} `GGUF_INVALID` for another type */
  boolean(key: string): boolean | null {
    const value = this.values.get(key) ?? null;
    if (value === null || typeof value === "boolean") return value;
    throw this.#wrong(key, "true or false");
  }

  /**
   * null where it is absent. A list of equal numbers, one a layer, counts as that number.
   * @throws {DataError} `GGUF_INVALID` for anything else, NaN and infinity among it
   */
  number(key: string): number | null {
    const value = this.values.get(key) ?? null;
    if (value === null) return null;
    if (typeof value === "number") {
      if (Number.isFinite(value)) return value;
      throw this.#wrong(key, "a finite number");
    }
    if (!ArrayBuffer.isView(value)) throw this.#wrong(key, "a number");
    const numbers = Array.from(value, Number);
    if (numbers.length > 0 && numbers.every((number) => number === numbers[0])) return numbers[0]!;
    throw this.#wrong(key, "one number, the same for every layer");
  }

  /** @throws {DataError} `GGUF_INVALID` where it is absent or no number */
  requiredNumber(key: string): number {
    const value = this.number(key);
    if (value !== null) return value;
    throw ggufInvalid(this.path, `it lacks the key ${key}, without which the model cannot be computed`);
  }

  /** null where it is absent. @throws {DataError} `GGUF_INVALID` for another type */
  numbers(key: string): readonly number[] | null {
    const value = this.values.get(key) ?? null;
    if (value === null) return null;
    if (ArrayBuffer.isView(value)) return Array.from(value, Number);
    throw this.#wrong(key, "a list of numbers");
  }

  /** null where it is absent. @throws {DataError} `GGUF_INVALID` for another type */
  strings(key: string): readonly string[] | null {
    const value = this.values.get(key) ?? null;
    if (value === null) return null;
    if (Array.isArray(value)) return value;
    throw this.#wrong(key, "a list of strings");
  }

  #wrong(key: string, needed: string) {
    const value = this.values.get(key);
    const text = typeof value === "string" ? JSON.stringify(value.slice(0, 40)) : String(value);
    const found = typeof value === "object" ? "a list" : text;
    return ggufInvalid(this.path, `the value of ${key} is ${found}, not ${needed}`);
  }
}
