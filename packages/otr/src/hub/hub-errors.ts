/** @file What the Hub's answers mean for the person who asked. */
import { DataError, type OtrError, RunError } from "../errors.js";
import type { HubSettings } from "./hub-settings.js";
import { describeRepository, pageUrl, type Repository } from "./repository.js";

/** What a request is about, for its errors. */
export interface RequestSubject {
  /** Completes "cannot ...": `list the files of org/name`. */
  readonly purpose: string;
  readonly repository?: Repository;
  readonly revision?: string;
}

/**
 * The error for an answer that repeating the request will not change.
 *
 * `DataError`: `HUB_GATED`, `HUB_TOKEN_REFUSED`, `HUB_NOT_FOUND`, `HUB_REVISION_NOT_FOUND`, `HUB_FILE_NOT_FOUND`,
 * `HUB_FORBIDDEN`; `RunError`: `HUB_FAILED`.
 */
export function refusal(hub: HubSettings, { status, headers }: Response, subject: RequestSubject): OtrError {
  const { purpose, repository } = subject;
  const code = headers.get("X-Error-Code");
  const reason = plainText(headers.get("X-Error-Message") ?? "");
  const because = reason === "" ? "" : ` (${reason})`;
  if (code === "GatedRepo" && repository !== undefined) return gated(hub, repository);
  if (code === "RevisionNotFound" && repository !== undefined) {
    return new DataError(
      "HUB_REVISION_NOT_FOUND",
      `${describeRepository(repository)} has no revision ${subject.revision}; give a branch, a tag or a commit that ` +
        `${pageUrl(hub, repository)} lists`,
    );
  }
  if (code === "EntryNotFound") {
    return new DataError("HUB_FILE_NOT_FOUND", `cannot ${purpose}: there is no such file${because}`);
  }
  if (
    status === 401 &&
    hub.token !== null &&
    (/credentials|token/i.test(reason) || repository === undefined)
  ) {
    return new DataError(
      "HUB_TOKEN_REFUSED",
      `cannot ${purpose}: the Hub does not accept the token (HF_TOKEN, or the file that \`hf auth login\` wrote). ` +
        `Make a new one at ${hub.endpoint}/settings/tokens`,
    );
  }
  if ((status === 401 || status === 404) && repository !== undefined) return notFound(hub, repository);
  if (status === 401 || status === 403) {
    return new DataError(
      "HUB_FORBIDDEN",
      `cannot ${purpose}: the Hub does not allow it${because}. ${allowedBy(hub)}`,
    );
  }
  return new RunError("HUB_FAILED", `cannot ${purpose}: the Hub answered with status ${status}${because}`);
}

function gated(hub: HubSettings, repository: Repository): DataError {
  const steps =
    hub.token === null
      ? "Accept the conditions there, make a token at " +
        `${hub.endpoint}/settings/tokens and set HF_TOKEN to it`
      : "Accept the conditions there with the account that the token is of; some owners then decide by hand";
  return new DataError(
    "HUB_GATED",
    `${describeRepository(repository)} is given only to those who accept its conditions at ${pageUrl(hub, repository)}. ${steps}`,
  );
}

/** The Hub answers 401 for what does not exist too, so that private names stay secret. */
function notFound(hub: HubSettings, repository: Repository): DataError {
  const ifPrivate =
    hub.token === null
      ? "If it is private, set HF_TOKEN to a token that may read it"
      : "If it is private, the token must be allowed to read it";
  const local = repository.type === "model" ? ` A local folder is written ./${repository.id}` : "";
  return new DataError(
    "HUB_NOT_FOUND",
    `there is nothing at ${pageUrl(hub, repository)} for ${describeRepository(repository)}. Check the spelling. ` +
      `${ifPrivate}.${local}`,
  );
}

const allowedBy = (hub: HubSettings): string =>
  hub.token === null
    ? `Set HF_TOKEN to a token from ${hub.endpoint}/settings/tokens that may`
    : `The token needs that permission: see ${hub.endpoint}/settings/tokens`;

/** Text of a server without what would move a terminal's cursor, cut to a line. */
export const plainText = (text: string): string =>
  text
    .replace(/[^\x20-\x7e]/g, " ")
    .slice(0, 200)
    .trim();
