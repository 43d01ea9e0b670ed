/** @file Parquet: row group by row group, decoded in a process of its own, because a file can ask for any amount of memory. */
import { type ChildProcess, fork } from "node:child_process";
import { type FileHandle, open } from "node:fs/promises";
import { DataError } from "../../errors.js";
import type { DataFormat } from "./data-format.js";
import type { ParquetAnswer } from "./parquet-process.js";

/** Parquet files, compressed by any of its codecs but LZO. */
export const parquet: DataFormat = {
  title: "Parquet",
  async *read(path, onBytes) {
    const file = await openFile(path);
    const decoder = new ParquetDecoder(path, (await file.stat()).size);
    try {
      const bytes = new ByteFeed(file, onBytes);
      let groupEnds: readonly number[] = [];
      for (let answer = await decoder.next(); !("end" in answer); answer = await decoder.next()) {
        if ("groupEnds" in answer) {
          groupEnds = answer.groupEnds;
          continue;
        }
        await bytes.feed(groupEnds[answer.group]!);
        const { lines, rowsBefore } = answer;
        yield { lines, problems: [], placeOf: (line) => `${path} row ${rowsBefore + line}` };
      }
      await bytes.feed(Number.POSITIVE_INFINITY);
    } finally {
      decoder.close();
      await file.close();
    }
  },
};

async function openFile(path: string): Promise<FileHandle> {
  try {
    const file = await open(path, "r");
    if ((await file.stat()).isFile()) return file;
    await file.close();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DataError("DATASET_UNREADABLE", `${path} cannot be read: ${reason}`, { cause: error });
  }
  throw new DataError("DATASET_UNREADABLE", `${path} is no file; Parquet is read from files alone`);
}

/** Hands on the bytes of a file in order, as far as they have been asked for. */
class ByteFeed {
  readonly #file: FileHandle;
  readonly #onBytes: (bytes: Uint8Array) => void;
  #position = 0;

  constructor(file: FileHandle, onBytes: (bytes: Uint8Array) => void) {
    this.#file = file;
    this.#onBytes = onBytes;
  }

  /** Hands on what lies before `end`. */
  async feed(end: number): Promise<void> {
    while (this.#position < end) {
      const size = Math.min(1 << 20, end - this.#position);
      const { bytesRead, buffer } = await this.#file.read(Buffer.alloc(size), 0, size, this.#position);
      if (bytesRead === 0) return;
      this.#position += bytesRead;
      this.#onBytes(buffer.subarray(0, bytesRead));
    }
  }
}

/** The process that decodes a file, asked for one answer after the other. */
class ParquetDecoder {
  readonly #path: string;
  readonly #process: ChildProcess;
  #waiting: { resolve(answer: ParquetAnswer): void; reject(error: DataError): void } | null = null;
  #failure: DataError | null = null;

  /** @param size bytes of the file */
  constructor(path: string, size: number) {
    this.#path = path;
    this.#process = fork(new URL("./parquet-process.js", import.meta.url), [path], {
      execArgv: [`--max-old-space-size=${heapLimit(size)}`],
      serialization: "advanced",
      // What V8 prints when the memory does not suffice tells nobody anything.
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    this.#process.on("message", (answer: ParquetAnswer) => this.#waiting?.resolve(answer));
    this.#process.on("error", (error) => this.#fail(`cannot be decoded (${error.message})`));
    this.#process.on("exit", (code, signal) => {
      // V8 ends a process that runs out of memory by a signal.
      const reason =
        signal === null
          ? `cannot be decoded (exit code ${code})`
          : `needs more than ${heapLimit(size)} MiB of memory`;
      this.#fail(`${reason}; ${REMEDY}`);
    });
  }

  /**
   * The layout, then blocks of rows in order, then the end.
   * @throws DataError `DATASET_FORMAT`
   */
  async next(): Promise<Exclude<ParquetAnswer, { problem: string }>> {
    if (this.#failure !== null) throw this.#failure;
    const answer = await new Promise<ParquetAnswer>((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#process.send("next", (error) => error && this.#fail(`cannot be decoded (${error.message})`));
    });
    if ("problem" in answer) throw new DataError("DATASET_FORMAT", `${this.#path} ${answer.problem}`);
    return answer;
  }

  close(): void {
    this.#process.kill("SIGKILL");
  }

  #fail(what: string): void {
    this.#failure ??= new DataError("DATASET_FORMAT", `${this.#path} ${what}`);
    this.#waiting?.reject(this.#failure);
  }
}

const REMEDY = "it is damaged, or its row groups are too large: write it again with smaller ones";

/**
 * MiB that decoding may take. A row group of the usual size, about 100 MB of text, takes some hundred; what a small file asks
 * for beyond that is no data.
 */
function heapLimit(size: number): number {
  return Math.min(4096, 512 + Math.ceil((32 * size) / 2 ** 20));
}
