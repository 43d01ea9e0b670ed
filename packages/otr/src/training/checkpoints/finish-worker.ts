/** @file The thread of `finishOnThread`. */
import { parentPort, workerData } from "node:worker_threads";
import { finishCheckpoint } from "./finish-on-thread.js";

parentPort!.postMessage(finishCheckpoint(workerData));
