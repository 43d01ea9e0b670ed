/** @file Reads what a server sends, which may stop half-way or never end. */
import { RunError } from "../errors.js";
import { reasonOf } from "./request-hub.js";

/** A page of a listing is far smaller. */
const LARGEST_ANSWER = 2 ** 26;

/** The connection ended, or fell silent, before everything had come. */
export class BrokenTransfer extends Error {}

/**
 * The pieces of a body as they come.
 *
 * @param timeout Milliseconds of silence after which it is broken.
 * @throws {BrokenTransfer}
 */
export async function* readChunks(response: Response, timeout: number): AsyncGenerator<Uint8Array> {
  if (response.body === null) return;
  const reader = response.body.getReader();
  try {
    for (;;) {
      const { done, value } = await withinTime(reader.read(), timeout);
      if (done) return;
      yield value;
    }
  } finally {
    // Nobody waits for it: a connection that hangs would hang here too.
    reader.cancel().catch(() => {});
  }
}

async function withinTime<T>(reading: Promise<T>, timeout: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new BrokenTransfer(`no data came for ${timeout / 1000} s`)), timeout);
  });
  try {
    return await Promise.race([reading, silence]);
  } catch (error) {
    if (error instanceof BrokenTransfer) throw error;
    throw new BrokenTransfer(reasonOf(error), { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

/**
 * A small body as text.
 *
 * @throws {BrokenTransfer}
 * @throws {RunError} `HUB_FAILED` where it is larger than any answer of the Hub
 */
export async function readText(response: Response, timeout: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of readChunks(response, timeout)) {
    size += chunk.length;
    if (size > LARGEST_ANSWER) {
      const { host } = new URL(response.url);
      throw new RunError(
        "HUB_FAILED",
        `${host} sends more than ${LARGEST_ANSWER} bytes, which no answer of the Hub has`,
      );
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
