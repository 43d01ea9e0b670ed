/** @file How the Hub is reached, from the environment variables that Hugging Face's own tools read. */
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { DataError } from "../errors.js";

/** Where the Hub is, who asks, and where its files are kept. */
export interface HubSettings {
  /** Without a slash at the end. */
  readonly endpoint: string;
  readonly token: string | null;
  /** The folder of `models--org--name`. */
  readonly cacheFolder: string;
  /** Whether nothing may be asked over the network. */
  readonly offline: boolean;
  /** Milliseconds without a byte after which a connection counts as broken. */
  readonly timeout: number;
  /** Milliseconds before the first repetition of a request; the pause doubles with each further one. */
  readonly retryDelay: number;
}

const DEFAULT_ENDPOINT = "https://huggingface.co";
const DEFAULT_TIMEOUT_SECONDS = 30;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads `HF_ENDPOINT`, `HF_TOKEN` (else the file `HF_TOKEN_PATH`, `$HF_HOME/token`), `HF_HUB_CACHE` (else
 * `$HF_HOME/hub`), `HF_HOME` (else `$XDG_CACHE_HOME/huggingface`, `~/.cache/huggingface`), `HF_HUB_OFFLINE` and
 * `HF_HUB_DOWNLOAD_TIMEOUT` (seconds).
 *
 * @throws {DataError} `HUB_ENDPOINT_INVALID`, `HUB_TOKEN_INVALID`
 */
export function readHubSettings(environment: Environment = process.env): HubSettings {
  const home = huggingFaceHome(environment);
  const cache = environment.HF_HUB_CACHE || environment.HUGGINGFACE_HUB_CACHE || join(home, "hub");
  const seconds = Number(environment.HF_HUB_DOWNLOAD_TIMEOUT);
  return {
    endpoint: readEndpoint(environment.HF_ENDPOINT || DEFAULT_ENDPOINT),
    token: readToken(environment, home),
    cacheFolder: expand(cache, environment),
    offline: isTrue(environment.HF_HUB_OFFLINE || environment.TRANSFORMERS_OFFLINE),
    timeout: 1000 * (seconds > 0 ? seconds : DEFAULT_TIMEOUT_SECONDS),
    retryDelay: 1000,
  };
}

/** `HF_HOME`, else `$XDG_CACHE_HOME/huggingface`, else `~/.cache/huggingface`. */
export const huggingFaceHome = (environment: Environment = process.env): string =>
  expand(environment.HF_HOME || join(environment.XDG_CACHE_HOME || "~/.cache", "huggingface"), environment);

function readEndpoint(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url !== null && url.username + url.password + url.search + url.hash !== "") {
    // Not repeated: it may be a password.
    throw new DataError(
      "HUB_ENDPOINT_INVALID",
      "HF_ENDPOINT holds a user, a password, a query or a fragment, which requests and messages would carry to others; " +
        `give an address such as ${DEFAULT_ENDPOINT}, and a token as HF_TOKEN`,
    );
  }
  if (url !== null && ["http:", "https:"].includes(url.protocol)) return text.replace(/\/+$/, "");
  throw new DataError(
    "HUB_ENDPOINT_INVALID",
    `HF_ENDPOINT is ${JSON.stringify(text)}, which is no web address; give one such as ${DEFAULT_ENDPOINT}, or unset it`,
  );
}

/** The token is checked here, because an HTTP library would quote an impossible one in its error. */
function readToken(environment: Environment, home: string): string | null {
  const path = expand(environment.HF_TOKEN_PATH || join(home, "token"), environment);
  const given = environment.HF_TOKEN || environment.HUGGING_FACE_HUB_TOKEN;
  const token = (given || readIfPresent(path)).trim();
  if (token === "") return null;
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  const source = given ? "HF_TOKEN" : path;
  throw new DataError(
    "HUB_TOKEN_INVALID",
    `${source} holds blanks or other characters that no token has; copy the token again from ${DEFAULT_ENDPOINT}/settings/tokens`,
  );
}

function readIfPresent(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/** `~` and `$NAME` as Hugging Face's tools expand them. */
function expand(path: string, environment: Environment): string {
  const withHome = path.replace(/^~(?=\/|$)/, homedir());
  return withHome.replace(
    /\$(\w+)|\$\{(\w+)\}/g,
    (all, plain, braced) => environment[plain ?? braced] ?? all,
  );
}

const isTrue = (value: string | undefined): boolean =>
  ["1", "ON", "YES", "TRUE"].includes(value?.toUpperCase() ?? "");
