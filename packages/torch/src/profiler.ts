/** @file Where time goes: every operator, autograd's nodes, and the caller's own spans, on one clock. */
import { native } from "./native.js";

/**
 * What an event is:
 * - `span`: a part of the program, from {@link recordFunction};
 * - `bridge`: a call from JavaScript, with the conversion of arguments and results;
 * - `operator`: an operator that libtorch dispatched, whoever called it, or the autograd engine at work;
 * - `backward`: a node of the graph that the engine ran.
 */
export type ProfileCategory = "span" | "bridge" | "operator" | "backward";

/** Something that took time. Events of one thread nest. */
export interface ProfileEvent {
  readonly name: string;
  readonly category: ProfileCategory;
  /** libtorch's number of the thread. */
  readonly thread: number;
  /** Nanoseconds after the `base` of {@link startProfiler}. */
  readonly start: number;
  /** Nanoseconds after `base`. */
  readonly end: number;
}

/** What was recorded between {@link startProfiler} and {@link stopProfiler}. */
export interface Profile {
  /** By thread and start, an event before those inside it. */
  readonly events: readonly ProfileEvent[];
  /** Events beyond the limit. */
  readonly dropped: number;
  /** The thread of the caller. */
  readonly thread: number;
}

/** libtorch's numbers of its scopes. */
const CATEGORIES: Readonly<Record<number, ProfileCategory>> = { 0: "operator", 1: "backward", 7: "bridge" };

const NUMBERS_OF_EVENT = 5;

interface Recording {
  readonly base: bigint;
  readonly limit: number;
  readonly spans: Omit<ProfileEvent, "thread">[];
}

let recording: Recording | null = null;

/**
 * Records what this JavaScript thread does, until {@link stopProfiler}.
 *
 * @param options.limit most events of libtorch, and most spans, that are kept; default 100,000
 * @param options.base the time that others are counted from, of `process.hrtime.bigint()`; default: now
 * @throws TorchError TORCH_ARGUMENT_VALUE when it is running already, and for a limit outside of 1 to 10,000,000
 */
export function startProfiler(options: { limit?: number; base?: bigint } = {}): void {
  const { limit = 100_000, base = process.hrtime.bigint() } = options;
  native().startProfiler(limit, base);
  recording = { base, limit, spans: [] };
}

/** Ends the recording. Throws TORCH_ARGUMENT_VALUE when there is none. */
export function stopProfiler(): Profile {
  const { names, events: numbers, dropped, thread } = native().stopProfiler();
  const readable = names.map(readableName);
  const { spans, limit } = recording!;
  recording = null;
  const events: ProfileEvent[] = spans.slice(0, limit).map((span) => ({ ...span, thread }));
  for (let at = 0; at < numbers.length; at += NUMBERS_OF_EVENT) {
    const [name, scope, ofThread, start, end] = numbers.subarray(at, at + NUMBERS_OF_EVENT);
    events.push({
      name: readable[name!]!,
      category: CATEGORIES[scope!]!,
      thread: ofThread!,
      start: start!,
      end: end!,
    });
  }
  events.sort((a, b) => a.thread - b.thread || a.start - b.start || b.end - a.end);
  return { events, dropped: dropped + Math.max(0, spans.length - limit), thread };
}

/** Nodes of the project's own kernels are named by their C++ type: `torch::autograd::CppNode<kernels::...::Linear>`. */
function readableName(name: string): string {
  const type = /^torch::autograd::CppNode<(.*)>$/.exec(name)?.[1];
  return type === undefined ? name : `${type.replaceAll(/\w+::|\(anonymous namespace\)::|\s/g, "")}Backward`;
}

/**
 * Runs `body` as a named span of the profile; without a profiler it only runs it. The span of an asynchronous body ends
 * when its promise is settled.
 */
export function recordFunction<T>(name: string, body: () => T): T {
  if (recording === null) return body();
  const { base, spans } = recording;
  const now = () => Number(process.hrtime.bigint() - base);
  const start = now();
  const end = () => spans.push({ name, category: "span", start, end: now() });
  let isPending = false;
  try {
    const result = body();
    if (result instanceof Promise) {
      isPending = true;
      return result.finally(end) as T;
    }
    return result;
  } finally {
    if (!isPending) end();
  }
}
