/** @file A worker thread that encodes blocks of lines; `encoding-workers.ts` starts it. */
import { parentPort, workerData } from "node:worker_threads";
import { DataError } from "../errors.js";
import { BlockEncoder } from "./encode-block.js";
import type { WorkerAnswer, WorkerRequest, WorkerSetting } from "./encoding-workers.js";
import { loadTokenizer } from "./tokenizer.js";

const { tokenizerFolder, options, first }: WorkerSetting = workerData;
const encoder = loadTokenizer(tokenizerFolder).then((tokenizer) =>
  BlockEncoder.create(tokenizer, options, first),
);
// What fails here is the answer to every block.
encoder.catch(() => {});
const port = parentPort!;

port.on("message", async (request: WorkerRequest) => {
  // Ended from inside: to stop a thread in the middle of native work can end the process.
  if (request === "close") {
    port.close();
    return;
  }
  const { number, block } = request;
  try {
    const encoded = await (await encoder).encode(block);
    const { ids, lengths, tokens } = encoded.rows;
    const answer: WorkerAnswer = { number, encoded };
    port.postMessage(answer, [ids.buffer, lengths.buffer, tokens.buffer]);
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    const answer: WorkerAnswer = { number, error: { code: error.code, message: error.message } };
    port.postMessage(answer);
  }
});
