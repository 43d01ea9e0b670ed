/** @file Requests to an MLflow tracking server, from the environment variables that MLflow's own client reads. */
import { z } from "zod";
import { loggerObstacle } from "../../config/logger-names.js";
import { reasonOf } from "../../hub/request-hub.js";

/** Milliseconds to wait for an answer. */
const PATIENCE = 20_000;

/** What the answers hold that is read here. */
const answerSchema = z.looseObject({
  experiment_id: z.string().optional(),
  experiment: z.looseObject({ experiment_id: z.string() }).optional(),
  run: z.looseObject({ info: z.looseObject({ run_id: z.string() }) }).optional(),
  runs: z.array(z.looseObject({ info: z.looseObject({ run_id: z.string() }) })).optional(),
  error_code: z.string().optional(),
  message: z.string().optional(),
});

type Answer = z.output<typeof answerSchema>;

/** An answer that is none. */
export class MlflowError extends Error {
  override readonly name = "MlflowError";
  constructor(
    message: string,
    readonly errorCode: string | undefined,
  ) {
    super(message);
  }
}

/** A server and the requests to it that are under way. */
export interface MlflowServer {
  /** Without user, password and slash at the end. */
  readonly url: string;
  /** Sends a request below `/api/2.0/mlflow/`. An experiment that does not exist is an answer. */
  call(method: "GET" | "POST", path: string, body?: object): Promise<Answer>;
  /** Ends the requests that are under way. */
  close(): void;
}

/**
 * The server of `MLFLOW_TRACKING_URI`, with `MLFLOW_TRACKING_USERNAME` and `MLFLOW_TRACKING_PASSWORD`, or
 * `MLFLOW_TRACKING_TOKEN`.
 *
 * @throws {Error} where the variable names no server
 */
export function mlflowServer(): MlflowServer {
  const obstacle = loggerObstacle("mlflow");
  if (obstacle !== null) throw new Error(`it ${obstacle.replace(/\.$/, "")}`);
  const address = new URL(process.env.MLFLOW_TRACKING_URI ?? "");
  const authorization = authorizationOf(address);
  // `fetch` takes no address with a password.
  address.username = address.password = "";
  const url = address.href.replace(/\/+$/, "");
  const end = new AbortController();
  return {
    url,
    async call(method, path, body) {
      const response = await fetch(`${url}/api/2.0/mlflow/${path}`, {
        method,
        headers: {
          "Content-Type": "application/json",
          ...(authorization !== null && { Authorization: authorization }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        signal: AbortSignal.any([end.signal, AbortSignal.timeout(PATIENCE)]),
      }).catch((error: unknown) => {
        throw new Error(`${address.host} does not answer (${reasonOf(error)})`, { cause: error });
      });
      const answer = readAnswer(await response.text());
      if (response.ok) return answer;
      if (answer.error_code === "RESOURCE_DOES_NOT_EXIST" && method === "GET") return {};
      const why = [answer.error_code, answer.message?.slice(0, 300)].filter(Boolean).join(": ");
      const what = `${address.host} answered to ${path.replace(/\?.*/, "")} with status ${response.status}`;
      throw new MlflowError(`${what}${why && ` (${why})`}`, answer.error_code);
    },
    close: () => end.abort(new Error("closed")),
  };
}

function readAnswer(text: string): Answer {
  try {
    const answer = answerSchema.safeParse(JSON.parse(text));
    return answer.success ? answer.data : {};
  } catch {
    return {};
  }
}

function authorizationOf({ username, password }: URL): string | null {
  const {
    MLFLOW_TRACKING_USERNAME: user = decodeURIComponent(username),
    MLFLOW_TRACKING_PASSWORD: secret = decodeURIComponent(password),
    MLFLOW_TRACKING_TOKEN: token,
  } = process.env;
  if (user && secret) return `Basic ${Buffer.from(`${user}:${secret}`).toString("base64")}`;
  return token ? `Bearer ${token}` : null;
}
