/** @file Asks the Hub for JSON. */
import { setTimeout as pause } from "node:timers/promises";
import type { z } from "zod";
import { RunError } from "../errors.js";
import type { RequestSubject } from "./hub-errors.js";
import type { HubSettings } from "./hub-settings.js";
import { BrokenTransfer, readText } from "./read-body.js";
import { ATTEMPTS, type HubRequest, requestHub } from "./request-hub.js";

/** A JSON answer of the Hub, and the address of the page after it. */
export interface JsonAnswer<T> {
  readonly value: T;
  readonly next: string | null;
}

/**
 * Asks for JSON of a known shape; an answer that breaks off is asked for again.
 *
 * @throws {DataError}, {@link RunError} as `requestHub` does; `HUB_FAILED` for an answer of another shape
 */
export async function requestJson<T>(
  hub: HubSettings,
  url: string,
  subject: RequestSubject,
  schema: z.ZodType<T>,
  request: HubRequest = {},
): Promise<JsonAnswer<T>> {
  const attempts = request.attempts ?? ATTEMPTS;
  for (let attempt = 1; ; attempt++) {
    const response = await requestHub(hub, url, subject, request);
    try {
      const value = schema.parse(JSON.parse(await readText(response, hub.timeout)));
      return { value, next: nextPage(response) };
    } catch (error) {
      if (error instanceof RunError) throw error;
      const isBroken = error instanceof BrokenTransfer;
      if (isBroken && attempt < attempts) {
        await pause(hub.retryDelay * 2 ** (attempt - 1));
        continue;
      }
      const code = isBroken ? "HUB_UNREACHABLE" : "HUB_FAILED";
      const found = isBroken ? `the answer broke off (${error.message})` : "the answer is none of a Hub";
      throw new RunError(code, `cannot ${subject.purpose}: ${found}. Check HF_ENDPOINT and the network`, {
        cause: error,
      });
    }
  }
}

/** `Link: <address>; rel="next"`. */
function nextPage({ headers, url }: Response): string | null {
  const address = /<([^>]*)>\s*;\s*rel="next"/.exec(headers.get("Link") ?? "")?.[1];
  return address !== undefined && URL.canParse(address, url) ? new URL(address, url).href : null;
}
