/** @file The thread of `finishOnThread`. */
import { workerData } from "node:worker_threads";
import { finishCheckpoint } from "./finish-on-thread.js";

finishCheckpoint(workerData);
