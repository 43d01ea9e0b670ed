/** @file Asks the Hub for JSON. */
import type { z } from "zod";
import { RunError } from "../errors.js";
import type { RequestSubject } from "./hub-errors.js";
import type { HubSettings } from "./hub-settings.js";
import type { HubRequest } from "./request-hub.js";
import { requestText } from "./request-text.js";

/** A JSON answer of the Hub, and the address of the page after it. */
export interface JsonAnswer<T> {
  readonly value: T;
  readonly next: string | null;
}

/**
 * Asks for JSON of a known shape; an answer that breaks off is asked for again.
 *
 * @throws {DataError}, {@link RunError} as `requestText` does; `HUB_FAILED` for an answer of another shape
 */
export async function requestJson<T>(
  hub: HubSettings,
  url: string,
  subject: RequestSubject,
  schema: z.ZodType<T>,
  request: HubRequest = {},
): Promise<JsonAnswer<T>> {
  const { text, response } = await requestText(hub, url, subject, request);
  try {
    return { value: schema.parse(JSON.parse(text)), next: nextPage(response) };
  } catch (error) {
    throw new RunError(
      "HUB_FAILED",
      `cannot ${subject.purpose}: the answer is none of a Hub. Check HF_ENDPOINT and the network`,
      { cause: error },
    );
  }
}

/** `Link: <address>; rel="next"`. */
function nextPage({ headers, url }: Response): string | null {
  const address = /<([^>]*)>\s*;\s*rel="next"/.exec(headers.get("Link") ?? "")?.[1];
  return address !== undefined && URL.canParse(address, url) ? new URL(address, url).href : null;
}
