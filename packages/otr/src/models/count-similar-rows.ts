/** @file Rows of a stored matrix that are nearly the same, found without libtorch and without holding the matrix. */
import { closeSync, openSync, readSync } from "node:fs";
import { type DType, ITEM_SIZE, readSafetensorsHeader, TorchError } from "@one-token/torch";
import { DataError } from "../errors.js";
import { FLOAT16_VALUES } from "../gguf/half-floats.js";
import { weightFiles } from "./weight-files.js";

/** What is read at once. */
const PIECE_BYTES = 2 ** 23;

/** Distance of two rows that are nearly the same, over the length of the row. */
const NEAR = 0.01;

/** How a row stands among the others of its matrix. */
export interface RowSurroundings {
  /** Other rows that differ from it by less than a hundredth of its length. */
  readonly similar: number;
  readonly isZero: boolean;
}

/**
 * How many other rows of a matrix are nearly the same as one of its rows. Tokens that no training text held are only ever
 * pushed away, all in one direction, which leaves their rows alike; training on a token takes its row elsewhere.
 *
 * @param folder of safetensors weights
 * @returns null where the folder has no such matrix of floating-point numbers, or the matrix no such row
 */
export async function countSimilarRows(
  folder: string,
  name: string,
  row: number,
): Promise<RowSurroundings | null> {
  const matrix = await findMatrix(folder, name);
  if (matrix === null || row >= matrix.rows) return null;
  const { path, offset, rows, columns, read, itemSize } = matrix;
  const rowBytes = columns * itemSize;
  const descriptor = openSync(path, "r");
  try {
    const rowsAtOnce = Math.max(1, Math.floor(PIECE_BYTES / rowBytes));
    const piece = Buffer.alloc(rowsAtOnce * rowBytes);
    readSync(descriptor, piece, 0, rowBytes, offset + row * rowBytes);
    const wanted = Float64Array.from({ length: columns }, (_, column) => read(piece, column * itemSize));
    const squares = wanted.reduce((sum, value) => sum + value ** 2, 0);
    const limit = NEAR ** 2 * squares;
    let similar = -1;
    for (let first = 0; first < rows; first += rowsAtOnce) {
      const bytes = Math.min(rowsAtOnce, rows - first) * rowBytes;
      readSync(descriptor, piece, 0, bytes, offset + first * rowBytes);
      for (let start = 0; start < bytes; start += rowBytes) {
        let distance = 0;
        // Most rows are far away after a few numbers.
        for (let column = 0; column < columns && distance <= limit; column++) {
          distance += (read(piece, start + column * itemSize) - wanted[column]!) ** 2;
        }
        if (distance <= limit) similar += 1;
      }
    }
    return { similar, isZero: squares === 0 };
  } finally {
    closeSync(descriptor);
  }
}

interface StoredMatrix {
  readonly path: string;
  /** Of its first byte in the file. */
  readonly offset: number;
  readonly rows: number;
  readonly columns: number;
  readonly itemSize: number;
  readonly read: (bytes: Buffer, at: number) => number;
}

/** Null also for weights that are not there or not sound, which whoever loads them says. */
async function findMatrix(folder: string, name: string): Promise<StoredMatrix | null> {
  try {
    for (const [path] of await weightFiles(folder)) {
      const { entries, dataOffset } = readSafetensorsHeader(path);
      const entry = entries.get(name);
      if (entry === undefined) continue;
      const { begin, shape, dtype } = entry;
      const [rows, columns] = shape;
      const read = READERS[dtype];
      if (read === undefined || rows === undefined || columns === undefined) return null;
      return { path, offset: dataOffset + begin, rows, columns, itemSize: ITEM_SIZE[dtype], read };
    }
    return null;
  } catch (error) {
    if (error instanceof DataError || error instanceof TorchError) return null;
    throw error;
  }
}

const BITS = new DataView(new ArrayBuffer(4));

/** A bfloat16 is the upper half of a float32. */
function bfloat16At(bytes: Buffer, at: number): number {
  BITS.setUint16(0, bytes.readUInt16LE(at));
  return BITS.getFloat32(0);
}

const READERS: Readonly<Partial<Record<DType, StoredMatrix["read"]>>> = {
  float64: (bytes, at) => bytes.readDoubleLE(at),
  float32: (bytes, at) => bytes.readFloatLE(at),
  bfloat16: bfloat16At,
  float16: (bytes, at) => FLOAT16_VALUES[bytes.readUInt16LE(at)]!,
};
