/** @file Writes GGUF files for tests, sound ones and others. */
import { writeFileSync } from "node:fs";

/** A metadata value with the number of its type. */
export interface Value {
  readonly type: number;
  readonly bytes: Buffer;
}

const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};
export const uint64 = (value: number | bigint): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
};
export const text = (value: string): Buffer => {
  const bytes = Buffer.from(value);
  return Buffer.concat([uint64(bytes.length), bytes]);
};
const bytesOf = (array: Float32Array | Int32Array | Uint32Array): Buffer =>
  Buffer.from(array.buffer, array.byteOffset, array.byteLength);
const list = (type: number, length: number, elements: Buffer): Value => ({
  type: 9,
  bytes: Buffer.concat([uint32(type), uint64(length), elements]),
});

/** Metadata values by their types. */
export const value = {
  uint32: (number: number): Value => ({ type: 4, bytes: uint32(number) }),
  int32: (number: number): Value => ({ type: 5, bytes: bytesOf(Int32Array.of(number)) }),
  float32: (number: number): Value => ({ type: 6, bytes: bytesOf(Float32Array.of(number)) }),
  boolean: (is: boolean): Value => ({ type: 7, bytes: Buffer.of(is ? 1 : 0) }),
  string: (string: string): Value => ({ type: 8, bytes: text(string) }),
  strings: (strings: readonly string[]): Value => list(8, strings.length, Buffer.concat(strings.map(text))),
  int32s: (numbers: readonly number[]): Value => list(5, numbers.length, bytesOf(Int32Array.from(numbers))),
  float32s: (numbers: readonly number[]): Value =>
    list(6, numbers.length, bytesOf(Float32Array.from(numbers))),
};

export interface TensorContent {
  readonly name: string;
  /** As the file has them: the dimension that lies together first. */
  readonly dimensions: readonly (number | bigint)[];
  /** Default: 0, float32. */
  readonly type?: number;
  readonly data: Float32Array;
  /** Default: behind the one before, aligned. */
  readonly offset?: number | bigint;
}

export interface GgufContent {
  readonly magic?: string;
  readonly version?: number;
  readonly metadata?: Readonly<Record<string, Value>> | readonly (readonly [string, Value])[];
  readonly tensors?: readonly TensorContent[];
  readonly tensorCount?: number | bigint;
  readonly valueCount?: number | bigint;
}

const aligned = (size: number) => Math.ceil(size / 32) * 32;
const pad = (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc(aligned(bytes.length) - bytes.length)]);

/** The bytes of a file. */
export function ggufBytes(content: GgufContent): Buffer {
  const { magic = "GGUF", version = 3, metadata = {}, tensors = [] } = content;
  const values = Array.isArray(metadata) ? metadata : Object.entries(metadata);
  let end = 0;
  const entries = tensors.map(({ name, dimensions, type = 0, data, offset }) => {
    const at = offset ?? end;
    end += aligned(data.byteLength);
    return Buffer.concat([
      text(name),
      uint32(dimensions.length),
      ...dimensions.map(uint64),
      uint32(type),
      uint64(at),
    ]);
  });
  const header = Buffer.concat([
    Buffer.from(magic, "latin1"),
    uint32(version),
    uint64(content.tensorCount ?? tensors.length),
    uint64(content.valueCount ?? values.length),
    ...values.flatMap(([key, { type, bytes }]) => [text(key), uint32(type), bytes]),
    ...entries,
  ]);
  return Buffer.concat([pad(header), ...tensors.map(({ data }) => pad(bytesOf(data)))]);
}

/** Writes a file. */
export function writeGguf(path: string, content: GgufContent): void {
  writeFileSync(path, ggufBytes(content));
}
