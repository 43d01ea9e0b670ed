/** @file Asks the Hub for a text. */
import { setTimeout as pause } from "node:timers/promises";
import { RunError } from "../errors.js";
import type { RequestSubject } from "./hub-errors.js";
import type { HubSettings } from "./hub-settings.js";
import { BrokenTransfer, readText } from "./read-body.js";
import { ATTEMPTS, type HubRequest, requestHub } from "./request-hub.js";

/** A small answer of the Hub. */
export interface TextAnswer {
  readonly text: string;
  readonly response: Response;
}

/**
 * Asks for a small text; an answer that breaks off is asked for again.
 *
 * @throws {DataError}, {@link RunError} as `requestHub` does
 */
export async function requestText(
  hub: HubSettings,
  url: string,
  subject: RequestSubject,
  request: HubRequest = {},
): Promise<TextAnswer> {
  const attempts = request.attempts ?? ATTEMPTS;
  for (let attempt = 1; ; attempt++) {
    const response = await requestHub(hub, url, subject, request);
    try {
      return { text: await readText(response, hub.timeout), response };
    } catch (error) {
      if (!(error instanceof BrokenTransfer)) throw error;
      if (attempt >= attempts) {
        throw new RunError(
          "HUB_UNREACHABLE",
          `cannot ${subject.purpose}: the answer broke off (${error.message}). Check HF_ENDPOINT and the network`,
          { cause: error },
        );
      }
      await pause(hub.retryDelay * 2 ** (attempt - 1));
    }
  }
}
