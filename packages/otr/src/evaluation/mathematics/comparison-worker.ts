/** @file A thread that compares answers; `comparison-thread.ts` starts it. */
import { parentPort } from "node:worker_threads";
import type { ComparisonRequest } from "./comparison-thread.js";
import { mathVerify } from "./math-verify.js";
import { minervaEquivalent } from "./minerva-equivalent.js";

const RULES = { "math-verify": mathVerify, minerva: minervaEquivalent };

parentPort!.on("message", ({ rule, gold, answer }: ComparisonRequest) => {
  parentPort!.postMessage(RULES[rule](gold, answer));
});
