/** @file Reading and writing safetensors files. The header is checked before any byte of it is trusted. */
import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { type DType, ITEM_SIZE } from "./dtype.js";
import { TorchError } from "./errors.js";
import { type Handle, native } from "./native.js";
import { keep, scope, Tensor } from "./tensor.js";

/** In the order in which the reference implementation lays tensors out: wider elements first. */
const DTYPES: Readonly<Record<string, DType>> = {
  I64: "int64",
  F64: "float64",
  F32: "float32",
  I32: "int32",
  BF16: "bfloat16",
  F16: "float16",
  I16: "int16",
  F8_E4M3: "float8_e4m3fn",
  F8_E5M2: "float8_e5m2",
  I8: "int8",
  U8: "uint8",
  BOOL: "bool",
};
const NAMES = new Map(Object.entries(DTYPES).map(([name, dtype]) => [dtype, name]));
const ORDER = Object.values(DTYPES);

/** The format's own limit. */
const MAX_HEADER_BYTES = 100_000_000;

/** Where one tensor lies in the data part of a file. */
export interface TensorEntry {
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** First and last-plus-one byte, counted from the end of the header. */
  readonly begin: number;
  readonly end: number;
}

/** A checked header. */
export interface SafetensorsHeader {
  readonly entries: ReadonlyMap<string, TensorEntry>;
  readonly metadata: Readonly<Record<string, string>>;
  /** Bytes before the data part. */
  readonly dataOffset: number;
}

/** Tensors over a memory-mapped file; they stay valid until disposed, whatever happens to the others. */
export interface SafetensorsFile {
  readonly tensors: ReadonlyMap<string, Tensor>;
  readonly metadata: Readonly<Record<string, string>>;
  /** Frees all tensors. */
  dispose(): void;
  [Symbol.dispose](): void;
}

function refuse(path: string, reason: string): never {
  throw new TorchError("TORCH_SAFETENSORS", `${path} is not a sound safetensors file: ${reason}`);
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isSize = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

const cut = (text: string) => (text.length > 80 ? `${text.slice(0, 80)}...` : text);
const labelOf = (name: string) => JSON.stringify(cut(name));
/** A value of the header for a message. */
const shown = (value: unknown) =>
  isRecord(value) ? "an object" : Array.isArray(value) ? "a list" : cut(`${JSON.stringify(value)}`);

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const isSoundName = (name: string) => name !== "" && name.length <= 1024 && !/[\u0000-\u001f]/.test(name);

function checkEntry(path: string, name: string, value: unknown): TensorEntry {
  const label = labelOf(name);
  if (!isSoundName(name))
    refuse(path, `the tensor name ${label} is empty, too long or has control characters`);
  if (!isRecord(value)) return refuse(path, `tensor ${label} is described by no object`);
  const { dtype, shape, data_offsets: offsets, ...rest } = value;
  if (Object.keys(rest).length > 0)
    refuse(path, `tensor ${label} has the unknown field ${labelOf(Object.keys(rest)[0]!)}`);
  if (typeof dtype !== "string" || !Object.hasOwn(DTYPES, dtype)) {
    return refuse(
      path,
      `tensor ${label} has dtype ${shown(dtype)}; readable are ${Object.keys(DTYPES).join(", ")}`,
    );
  }
  if (!Array.isArray(shape) || shape.length > 64 || !shape.every(isSize))
    return refuse(path, `tensor ${label} has a shape that is no list of sizes`);
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isSize))
    return refuse(path, `tensor ${label} has data_offsets that are no pair of sizes`);
  const [begin, end] = offsets as [number, number];
  const bytes = (shape as number[]).reduce((product, size) => product * size, ITEM_SIZE[DTYPES[dtype]]);
  if (!Number.isSafeInteger(bytes) || end - begin !== bytes) {
    refuse(
      path,
      `tensor ${label} of shape [${shape.join(", ")}] needs ${bytes} bytes, its data_offsets span ${end - begin}`,
    );
  }
  return { dtype: DTYPES[dtype], shape: shape as number[], begin, end };
}

function parseHeader(path: string, text: string): Record<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(text);
  } catch (error) {
    return refuse(path, `its header is not JSON (${error instanceof Error ? error.message : error})`);
  }
  if (!isRecord(header)) return refuse(path, "its header is not a JSON object");
  // JSON.parse keeps the last of two equal keys without a word; each entry spells this field exactly once.
  const entries = Object.keys(header).filter((name) => name !== "__metadata__");
  if (entries.includes("data_offsets")) refuse(path, 'a tensor must not be named "data_offsets"');
  const spelled = text.match(/"data_offsets"\s*:/g)?.length ?? 0;
  if (spelled !== entries.length) refuse(path, "its header names a tensor twice");
  return header;
}

/**
 * Reads and checks the header only.
 *
 * @throws TorchError TORCH_SAFETENSORS when the file is too short, its header is too long, no JSON, or describes
 *   tensors that overlap, leave holes, do not fit their shape or reach beyond the end; TORCH_FILE when it cannot be read
 */
export function readSafetensorsHeader(path: string): SafetensorsHeader {
  let descriptor: number;
  try {
    // Where it is a pipe, a writer is not waited for.
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    throw new TorchError(
      "TORCH_FILE",
      `cannot open ${path}: ${error instanceof Error ? error.message : error}`,
    );
  }
  try {
    const info = fstatSync(descriptor);
    if (!info.isFile()) throw new TorchError("TORCH_FILE", `${path} is not a regular file`);
    if (info.size < 8) refuse(path, `it has ${info.size} bytes, fewer than the 8 of the header's length`);
    const prefix = Buffer.alloc(8);
    readSync(descriptor, prefix, 0, 8, 0);
    const length = Number(prefix.readBigUInt64LE());
    if (length > MAX_HEADER_BYTES)
      refuse(path, `its header claims ${length} bytes, more than the 100 MB allowed`);
    if (length > info.size - 8)
      refuse(
        path,
        `its header claims ${length} bytes, the file has ${info.size}: it is cut off or no safetensors file`,
      );
    const bytes = Buffer.alloc(length);
    readSync(descriptor, bytes, 0, length, 8);
    let text: string;
    try {
      text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    } catch {
      return refuse(path, "its header is not UTF-8");
    }
    const { __metadata__: metadata = {}, ...described } = parseHeader(path, text);
    if (!isRecord(metadata) || Object.values(metadata).some((value) => typeof value !== "string")) {
      return refuse(path, "its __metadata__ is not a map of strings");
    }
    const entries = new Map(
      Object.entries(described).map(([name, value]) => [name, checkEntry(path, name, value)]),
    );
    let expected = 0;
    for (const [name, entry] of [...entries].sort(([, a], [, b]) => a.begin - b.begin || a.end - b.end)) {
      if (entry.begin !== expected)
        refuse(
          path,
          `tensor ${labelOf(name)} begins at byte ${entry.begin}, not at ${expected}: tensors overlap or leave a hole`,
        );
      expected = entry.end;
    }
    const available = info.size - 8 - length;
    if (expected !== available)
      refuse(
        path,
        `its tensors need ${expected} bytes, the file holds ${available}: it is cut off or has bytes too many`,
      );
    return { entries, metadata: metadata as Record<string, string>, dataOffset: 8 + length };
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Opens a file as tensors over its memory-mapped bytes: nothing is read before it is used. In-place changes stay in
 * memory and never reach the file. The tensors are outside of all scopes: dispose them, or the whole file.
 *
 * @throws TorchError as {@link readSafetensorsHeader}
 */
export function readSafetensors(path: string): SafetensorsFile {
  const { entries, metadata, dataOffset } = readSafetensorsHeader(path);
  const addon = native();
  const tensors = new Map<string, Tensor>();
  // The scope frees the tensors made so far where a later one fails.
  scope(() => {
    const bytes = Tensor.handleOf(new Tensor(addon.mapFile(path)))!;
    for (const [name, { begin, shape, dtype }] of entries) {
      tensors.set(name, new Tensor(addon.viewBytes(bytes, dataOffset + begin, shape, dtype)));
    }
    for (const tensor of tensors.values()) keep(tensor);
  });
  const dispose = () => {
    for (const tensor of tensors.values()) tensor.dispose();
  };
  return { tensors, metadata, dispose, [Symbol.dispose]: dispose };
}

/** A tensor, or one and the dtype that it is stored in; it is cast piece by piece, without a copy of the whole. */
export type StoredTensor = Tensor | { readonly tensor: Tensor; readonly dtype: DType };

/** What a file holds, by name. */
export type StoredTensors = ReadonlyMap<string, StoredTensor> | Readonly<Record<string, StoredTensor>>;

interface Entry {
  readonly name: string;
  readonly tensor: Tensor;
  readonly dtype: DType;
}

function entryOf(name: string, stored: StoredTensor): Entry {
  const { tensor, dtype } = stored instanceof Tensor ? { tensor: stored, dtype: stored.dtype } : stored;
  if (!isSoundName(name) || name === "__metadata__" || name === "data_offsets")
    throw new TorchError("TORCH_ARGUMENT_VALUE", `safetensors cannot hold a tensor named ${labelOf(name)}`);
  for (const needed of [tensor.dtype, dtype]) {
    if (!NAMES.has(needed))
      throw new TorchError("TORCH_UNSUPPORTED", `safetensors cannot hold ${name} of dtype ${needed}`);
  }
  return { name, tensor, dtype };
}

/** In the order of the reference implementation: by dtype, then name. */
function orderedEntries(tensors: StoredTensors): Entry[] {
  const named: readonly (readonly [string, StoredTensor])[] =
    tensors instanceof Map ? [...tensors] : Object.entries(tensors);
  return named
    .map(([name, stored]) => entryOf(name, stored))
    .sort((a, b) => ORDER.indexOf(a.dtype) - ORDER.indexOf(b.dtype) || (a.name < b.name ? -1 : 1));
}

function header(entries: readonly Entry[], metadata: Readonly<Record<string, string>>): Buffer {
  const described: [string, unknown][] = Object.keys(metadata).length > 0 ? [["__metadata__", metadata]] : [];
  let offset = 0;
  for (const { name, tensor, dtype } of entries) {
    const end = offset + tensor.numel * ITEM_SIZE[dtype];
    described.push([name, { dtype: NAMES.get(dtype), shape: tensor.shape, data_offsets: [offset, end] }]);
    offset = end;
  }
  const text = JSON.stringify(Object.fromEntries(described));
  const padded = Buffer.from(text + " ".repeat((8 - (Buffer.byteLength(text) % 8)) % 8));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  return Buffer.concat([length, padded]);
}

/** The arguments of the native writers. */
function writerArguments(
  path: string,
  tensors: StoredTensors,
  metadata: Readonly<Record<string, string>>,
): [path: string, start: Buffer, tensors: Handle[], dtypes: DType[]] {
  const entries = orderedEntries(tensors);
  const handles = entries.map(({ tensor }) => Tensor.handleOf(tensor)!);
  return [path, header(entries, metadata), handles, entries.map(({ dtype }) => dtype)];
}

/**
 * Writes tensors so that the file is complete or absent: temporary file beside it, fsync, rename, fsync of the folder.
 * Tensors are ordered by dtype, then name, as the reference implementation does.
 *
 * @throws TorchError TORCH_DISK_FULL, TORCH_FILE, TORCH_UNSUPPORTED (a dtype the format lacks), TORCH_ARGUMENT_VALUE (a
 *   name that the reader would refuse)
 */
export function writeSafetensors(
  path: string,
  tensors: StoredTensors,
  metadata: Readonly<Record<string, string>> = {},
): void {
  native().writeFile(...writerArguments(path, tensors, metadata));
}

/**
 * {@link writeSafetensors} in a thread of its own, which takes no processor from the operators of this one. The tensors
 * may be disposed of at once, but must not be changed in place before the promise is settled. A process or worker that
 * ends before leaves neither the file nor a temporary one.
 *
 * @returns settled when the file is complete; rejected with what {@link writeSafetensors} throws, and
 *   TORCH_ARGUMENT_VALUE for a tensor that is not contiguous or not on the CPU
 */
export async function writeSafetensorsInBackground(
  path: string,
  tensors: StoredTensors,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  await native().writeFileInBackground(...writerArguments(path, tensors, metadata));
}
