/** @file Reads and checks what stands before the weights of a GGUF file. */
import { closeSync, existsSync, fstatSync, openSync } from "node:fs";
import { DataError } from "../errors.js";
import { ggufInvalid, ggufUnsupported } from "./gguf-error.js";
import { ggufParts } from "./gguf-parts.js";
import { GgufMetadata, type MetadataValue, readMetadataValue } from "./gguf-metadata.js";
import { HeaderReader } from "./header-reader.js";
import { OTHER_TENSOR_TYPES, TENSOR_TYPES, type TensorType } from "./tensor-types.js";

/** A tensor of a GGUF file, checked to lie in it. */
export interface GgufTensor {
  readonly name: string;
  /** As PyTorch has it: the last dimension is the one that lies together (GGUF writes them the other way round). */
  readonly shape: readonly number[];
  /** How many numbers it has. */
  readonly numel: number;
  readonly type: TensorType;
  /** The file that holds it: one of several where the model is split. */
  readonly path: string;
  /** From the start of that file. */
  readonly offset: number;
  readonly bytes: number;
}

/** Everything in a GGUF file but its weights. */
export interface GgufFile {
  readonly path: string;
  readonly metadata: GgufMetadata;
  readonly tensors: ReadonlyMap<string, GgufTensor>;
}

const MAGIC = "GGUF";
const DEFAULT_ALIGNMENT = 32;
/** What is made of more entries than this has no use. */
const MOST_ENTRIES = 2 ** 20;
const LONGEST_NAME = 2 ** 16;

/**
 * Reads a GGUF file of version 2 or 3 (they differ for big-endian machines only), and the other parts of it where it is
 * the first of several (`NAME-00001-of-00003.gguf`). Weights are not read.
 *
 * @throws {DataError} `GGUF_NOT_FOUND`, `GGUF_INVALID`, `GGUF_UNSUPPORTED`
 */
export function readGguf(path: string): GgufFile {
  const first = readPart(path);
  const count = first.metadata.number("split.count") ?? 0;
  if (count <= 1) return first;
  const tensors = new Map(first.tensors);
  for (const part of otherParts(path, first.metadata, count)) {
    for (const [name, tensor] of readPart(part).tensors) {
      if (tensors.has(name))
        throw ggufInvalid(part, `its tensor ${name} is in another part of the model too`);
      tensors.set(name, tensor);
    }
  }
  const expected = first.metadata.number("split.tensors.count");
  if (expected !== null && expected !== tensors.size) {
    throw ggufInvalid(path, `the ${count} parts hold ${tensors.size} tensors, not ${expected} as it says`);
  }
  return { ...first, tensors };
}

/** The paths of the second part to the last. */
function otherParts(path: string, metadata: GgufMetadata, count: number): string[] {
  const parts = ggufParts(path);
  const isFirst = metadata.number("split.no") === 0 && parts[0] === path && parts.length === count;
  if (!isFirst) {
    throw ggufUnsupported(
      path,
      `it is a part of a model in ${count} files`,
      `give the first of them, whose name ends with -00001-of-${String(count).padStart(5, "0")}.gguf, with the others beside it`,
    );
  }
  const others = parts.slice(1);
  const absent = others.find((part) => !existsSync(part));
  if (absent === undefined) return others;
  throw new DataError(
    "GGUF_NOT_FOUND",
    `${absent}: there is no such file, but the model in ${path} has ${count} parts; put all of them into one folder`,
  );
}

function readPart(path: string): GgufFile {
  let descriptor: number;
  try {
    descriptor = openSync(path, "r");
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DataError(
      "GGUF_NOT_FOUND",
      `${path} cannot be opened (${reason}); check path and permissions`,
      {
        cause: error,
      },
    );
  }
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) {
      throw new DataError("GGUF_NOT_FOUND", `${path} is no file; give a GGUF file, or a model folder`);
    }
    return readHeader(new HeaderReader(descriptor, path, stats.size));
  } finally {
    closeSync(descriptor);
  }
}

function readHeader(reader: HeaderReader): GgufFile {
  const { path } = reader;
  const magic = reader.bytes(4, "the word GGUF").toString("latin1");
  if (magic !== MAGIC) {
    throw ggufInvalid(path, `it starts with ${JSON.stringify(magic)} instead of "${MAGIC}"`);
  }
  checkVersion(path, reader.uint32("the version"));
  const tensorCount = entryCount(reader, "the number of tensors");
  const valueCount = entryCount(reader, "the number of metadata keys");
  const values = new Map<string, MetadataValue>();
  for (let index = 0; index < valueCount; index++) {
    const key = name(reader, `the name of metadata key ${index + 1}`);
    if (values.has(key)) throw ggufInvalid(path, `it has the key ${JSON.stringify(key)} twice`);
    values.set(key, readMetadataValue(reader, key));
  }
  const metadata = new GgufMetadata(path, values);
  const entries = Array.from({ length: tensorCount }, () => readTensorEntry(reader));
  return { path, metadata, tensors: placeTensors(reader, metadata, entries) };
}

function checkVersion(path: string, version: number): void {
  if (version === 2 || version === 3) return;
  // A small number with its bytes in the other order.
  if (version % 2 ** 16 === 0 && version !== 0) {
    throw ggufUnsupported(path, "its numbers are big-endian", "convert the model on a little-endian machine");
  }
  throw ggufUnsupported(
    path,
    `it is of GGUF version ${version}; versions 2 and 3 are read`,
    "convert the model again with a current converter",
  );
}

function entryCount(reader: HeaderReader, what: string): number {
  const { offset } = reader;
  const count = reader.count(what);
  if (count <= MOST_ENTRIES) return count;
  throw ggufInvalid(
    reader.path,
    `${what} at byte ${offset} is ${count.toLocaleString("en")}, more than any model has`,
  );
}

function name(reader: HeaderReader, what: string): string {
  const { offset } = reader;
  const text = reader.string(what);
  if (text !== "" && text.length <= LONGEST_NAME) return text;
  throw ggufInvalid(
    reader.path,
    `${what} at byte ${offset} is empty or longer than ${LONGEST_NAME} characters`,
  );
}

/** A tensor as the header describes it; the offset counts from where the weights begin. */
type TensorEntry = Omit<GgufTensor, "path">;

function readTensorEntry(reader: HeaderReader): TensorEntry {
  const { path, offset: start } = reader;
  const tensorName = name(reader, "the name of a tensor");
  const label = `tensor ${JSON.stringify(tensorName)} (described at byte ${start})`;
  const dimensions = reader.uint32(`the number of dimensions of ${label}`);
  if (dimensions < 1 || dimensions > 4) {
    throw ggufInvalid(path, `${label} has ${dimensions} dimensions; from 1 to 4 are possible`);
  }
  const sizes = Array.from({ length: dimensions }, () => reader.count(`a dimension of ${label}`));
  const numel = sizes.reduce((product, size) => product * size, 1);
  if (numel === 0 || !Number.isSafeInteger(numel)) {
    throw ggufInvalid(path, `${label} has the dimensions ${sizes.join(" x ")}`);
  }
  const type = tensorType(path, label, reader.uint32(`the type of ${label}`));
  if (sizes[0]! % type.blockSize !== 0) {
    throw ggufInvalid(
      path,
      `${label} has rows of ${sizes[0]} numbers, but ${type.name} stores them in blocks of ${type.blockSize}`,
    );
  }
  const offset = reader.count(`the offset of ${label}`);
  const bytes = (numel / type.blockSize) * type.blockBytes;
  return { name: tensorName, shape: sizes.reverse(), numel, type, offset, bytes };
}

function tensorType(path: string, label: string, type: number): TensorType {
  const known = TENSOR_TYPES[type];
  if (known) return known;
  const other = OTHER_TENSOR_TYPES[type];
  if (other === undefined) throw ggufInvalid(path, `${label} is of type ${type}, which is not known`);
  const readable = Object.values(TENSOR_TYPES).map((readableType) => readableType.name);
  throw ggufUnsupported(
    path,
    `${label} is stored as ${other}, which is not read`,
    `take the model in one of these types: ${readable.join(", ")} (Q8_0 loses least among the small ones)`,
  );
}

/** The tensors by name, with offsets from the start of the file; checks that they lie in it, aligned and apart. */
function placeTensors(
  reader: HeaderReader,
  metadata: GgufMetadata,
  entries: readonly TensorEntry[],
): Map<string, GgufTensor> {
  const { path, size } = reader;
  const alignment = metadata.number("general.alignment") ?? DEFAULT_ALIGNMENT;
  if (!Number.isSafeInteger(alignment) || alignment <= 0 || alignment % 8 !== 0) {
    throw ggufInvalid(path, `general.alignment is ${alignment}, not a multiple of 8`);
  }
  const start = Math.ceil(reader.offset / alignment) * alignment;
  const tensors = new Map<string, GgufTensor>();
  for (const entry of entries) {
    const label = `tensor ${JSON.stringify(entry.name)}`;
    if (tensors.has(entry.name)) throw ggufInvalid(path, `it has two tensors of the name ${entry.name}`);
    if (entry.offset % alignment !== 0) {
      throw ggufInvalid(path, `${label} has the offset ${entry.offset}, no multiple of ${alignment}`);
    }
    const offset = start + entry.offset;
    if (!Number.isSafeInteger(offset + entry.bytes) || offset + entry.bytes > size) {
      throw ggufInvalid(
        path,
        `${label} takes ${entry.bytes.toLocaleString("en")} bytes from byte ${offset.toLocaleString("en")} on, but the file ends at ${size.toLocaleString("en")}: it is cut short`,
      );
    }
    tensors.set(entry.name, { ...entry, path, offset });
  }
  let end = start;
  for (const tensor of [...tensors.values()].sort((a, b) => a.offset - b.offset)) {
    if (tensor.offset < end) {
      throw ggufInvalid(path, `tensor ${tensor.name} at byte ${tensor.offset} overlaps the one before it`);
    }
    end = tensor.offset + tensor.bytes;
  }
  return tensors;
}
