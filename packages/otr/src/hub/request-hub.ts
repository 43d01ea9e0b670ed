/** @file One request to the Hub, with redirects, repetitions and the token where it belongs. */
import { createRequire } from "node:module";
import { setTimeout as pause } from "node:timers/promises";
import { RunError } from "../errors.js";
import { plainText, refusal, type RequestSubject } from "./hub-errors.js";
import type { HubSettings } from "./hub-settings.js";

const { version } = createRequire(import.meta.url)("../../package.json") as { version: string };

/** Requests in all before one that fails for the time being is given up. */
export const ATTEMPTS = 5;
const MOST_REDIRECTS = 10;
/** Where a server asks for more patience, the person is told instead: nobody should wait for long without a word. */
const LONGEST_PAUSE = 60_000;

/** The parts of a request that differ. */
export interface HubRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** A text, or a content that is sent as it is read. */
  readonly body?: string | Blob;
  /** Told how many more bytes of a content are sent; negative where they have to be sent again. */
  readonly onSent?: (bytes: number) => void;
  /** Ends the request and its repetitions. */
  readonly signal?: AbortSignal;
  /** Milliseconds to wait for an answer from the last byte that was sent. Default `timeout` of the settings. */
  readonly patience?: number;
  /** How often it is sent at most. Default {@link ATTEMPTS}. */
  readonly attempts?: number;
  /** Statuses outside of 200 to 299 that are answers, not errors. */
  readonly accepts?: readonly number[];
}

/** Why an attempt failed that may succeed later, and when the server wants to be asked again. */
interface Setback {
  readonly code: "HUB_UNREACHABLE" | "HUB_RATE_LIMITED" | "HUB_FAILED";
  readonly reason: string;
  /** Milliseconds. */
  readonly pause: number | null;
}

/**
 * Sends a request until it is answered. The token goes to the endpoint's own origin only, never to where a redirect
 * leads. Broken connections, 408, 429 (after its `Retry-After`) and 5xx are tried again, with doubling pauses.
 *
 * @throws {DataError} see {@link refusal}
 * @throws {RunError} `HUB_UNREACHABLE`, `HUB_RATE_LIMITED`, `HUB_FAILED`
 */
export async function requestHub(
  hub: HubSettings,
  url: string,
  subject: RequestSubject,
  request: HubRequest = {},
): Promise<Response> {
  const { attempts = ATTEMPTS, accepts = [] } = request;
  for (let attempt = 1; ; attempt++) {
    let sent = 0;
    const onSent = (bytes: number) => {
      sent += bytes;
      request.onSent?.(bytes);
    };
    const outcome = await sendOnce(hub, url, { ...request, onSent });
    request.signal?.throwIfAborted();
    let setback: Setback;
    if (outcome instanceof Response) {
      if (outcome.ok || accepts.includes(outcome.status)) return outcome;
      await outcome.body?.cancel();
      const temporary = setbackOf(outcome);
      if (temporary === null) throw refusal(hub, outcome, subject);
      setback = temporary;
    } else {
      setback = outcome;
    }
    request.onSent?.(-sent);
    const delay = setback.pause ?? hub.retryDelay * 2 ** (attempt - 1);
    if (attempt >= attempts || delay > LONGEST_PAUSE) throw givenUp(hub, subject, setback, request);
    await pause(delay, undefined, request.signal && { signal: request.signal });
  }
}

function givenUp(
  hub: HubSettings,
  { purpose }: RequestSubject,
  { code, reason, pause: wait }: Setback,
  { method = "GET" }: HubRequest,
): RunError {
  const offline = method === "GET" ? "; HF_HUB_OFFLINE=1 uses what was downloaded before" : "";
  const advice = {
    HUB_UNREACHABLE: `Check the network, or HF_ENDPOINT${offline}`,
    HUB_RATE_LIMITED:
      wait === null ? "Try again in some minutes" : `Try again in ${Math.ceil(wait / 60_000)} min`,
    HUB_FAILED: "Try again later",
  }[code];
  const token =
    code === "HUB_RATE_LIMITED" && hub.token === null ? "; with HF_TOKEN set the limit is higher" : "";
  return new RunError(code, `cannot ${purpose}: ${reason}. ${advice}${token}`);
}

async function sendOnce(hub: HubSettings, start: string, request: HubRequest): Promise<Response | Setback> {
  let url = start;
  try {
    for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
      const response = await send(hub, url, request);
      const location = response.headers.get("Location");
      if (response.status < 300 || response.status >= 400 || location === null) return response;
      await response.body?.cancel();
      url = new URL(location, url).href;
      if (!/^https?:/.test(url)) break;
    }
  } catch (error) {
    return {
      code: "HUB_UNREACHABLE",
      reason: `${hostOf(url)} does not answer (${reasonOf(error)})`,
      pause: null,
    };
  }
  return {
    code: "HUB_FAILED",
    reason: `${hostOf(start)} redirects to no end, or to no web address`,
    pause: null,
  };
}

async function send(hub: HubSettings, url: string, request: HubRequest): Promise<Response> {
  const { body, signal, patience = hub.timeout } = request;
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(new Error("no answer in time")), patience);
  const mayHaveToken = new URL(url).origin === new URL(hub.endpoint).origin;
  const onSent = (bytes: number) => {
    timer.refresh();
    request.onSent?.(bytes);
  };
  try {
    return await fetch(url, {
      method: request.method ?? "GET",
      ...(typeof body === "string" && { body }),
      ...(body instanceof Blob && { body: countedStream(body, onSent), duplex: "half" }),
      headers: {
        ...(body instanceof Blob && { "Content-Length": String(body.size) }),
        "User-Agent": `one-token-rollout/${version}; node/${process.versions.node}`,
        // Sizes and ranges are those of the files themselves.
        "Accept-Encoding": "identity",
        ...request.headers,
        ...(mayHaveToken && hub.token !== null && { Authorization: `Bearer ${hub.token}` }),
      },
      redirect: "manual",
      signal: signal === undefined ? abort.signal : AbortSignal.any([abort.signal, signal]),
    });
  } finally {
    clearTimeout(timer);
  }
}

function countedStream(content: Blob, onBytes: (bytes: number) => void): ReadableStream<Uint8Array> {
  const count = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      onBytes(chunk.length);
      controller.enqueue(chunk);
    },
  });
  return content.stream().pipeThrough(count);
}

function setbackOf(response: Response): Setback | null {
  const { status } = response;
  const reason = `${hostOf(response.url)} answered with status ${status}`;
  if (status === 429) {
    const message = `${hostOf(response.url)} gets too many requests from here (status 429)`;
    return { code: "HUB_RATE_LIMITED", reason: message, pause: retryAfter(response) };
  }
  if (status === 408 || status >= 500) return { code: "HUB_FAILED", reason, pause: retryAfter(response) };
  return null;
}

/** `Retry-After`, seconds or a date, in milliseconds. */
function retryAfter({ headers }: Response): number | null {
  const text = headers.get("Retry-After");
  if (text === null) return null;
  const milliseconds = /^\d+$/.test(text) ? 1000 * Number(text) : Date.parse(text) - Date.now();
  return Number.isNaN(milliseconds) ? null : Math.max(0, milliseconds);
}

const hostOf = (url: string): string => new URL(url).host;

/** `fetch` hides the reason in its cause. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (!(cause instanceof Error)) return plainText(error.message);
  return plainText(cause.message || String((cause as NodeJS.ErrnoException).code ?? error.message));
}
