import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { openMlflow } from "../../../src/training/loggers/mlflow.js";
import { linesFrom, loggedRun, makeRunFolder, measure } from "./run-folder.js";

interface Metric {
  readonly key: string;
  readonly value: number;
  readonly timestamp: number;
  readonly step: number;
}

/** The fields of all requests. */
interface Body {
  readonly name: string;
  readonly filter: string;
  readonly run_name: string;
  readonly run_id: string;
  readonly status: string;
  readonly tags: readonly { readonly key: string; readonly value: string }[];
  readonly metrics?: readonly Metric[];
  readonly params?: readonly object[];
}

/** What an MLflow server with a database keeps, and how it misbehaves. */
function makeServer() {
  const runs = new Map<
    string,
    { tags: Map<string, string>; name: string; status: string; params: object[] }
  >();
  const metrics = new Map<string, Metric>();
  const experiments = new Map<string, string>();
  const requests: { path: string; authorization: string | undefined; size: number }[] = [];
  /** For the next requests: nothing, an answer that is lost after the work was done, or a status in its place. */
  const faults: (null | "lost" | number)[] = [];
  const routes: Record<string, (body: Body, query: URLSearchParams) => object | null> = {
    "experiments/get-by-name": (_, query) => {
      const id = experiments.get(query.get("experiment_name")!);
      return id === undefined ? null : { experiment: { experiment_id: id } };
    },
    "experiments/create": ({ name }) => {
      experiments.set(name, String(experiments.size + 1));
      return { experiment_id: experiments.get(name) };
    },
    "runs/search": ({ filter }) => {
      const [, tag, value] = /^tags\.`(.*)` = '(.*)'$/.exec(filter)!;
      const found = [...runs].filter(([, { tags }]) => tags.get(tag!) === value);
      return found.length === 0 ? {} : { runs: found.map(([id]) => ({ info: { run_id: id } })) };
    },
    "runs/create": ({ run_name, tags }) => {
      const id = `run${runs.size}`;
      const named = new Map(tags.map(({ key, value }) => [key, value]));
      runs.set(id, { tags: named, name: run_name, status: "RUNNING", params: [] });
      return { run: { info: { run_id: id } } };
    },
    "runs/log-batch": (body) => {
      for (const metric of body.metrics ?? []) metrics.set(JSON.stringify([body.run_id, metric]), metric);
      runs.get(body.run_id)!.params.push(...(body.params ?? []));
      return {};
    },
    "runs/update": ({ run_id, status }) => {
      runs.get(run_id)!.status = status;
      return {};
    },
  };
  const server: Server = createServer(async (request, response) => {
    const url = new URL(request.url!, "http://server");
    const path = url.pathname.replace("/api/2.0/mlflow/", "");
    let text = "";
    for await (const part of request) text += part;
    const body = text === "" ? {} : JSON.parse(text);
    const { authorization } = request.headers;
    requests.push({ path, authorization, size: (body.metrics ?? body.params ?? []).length });
    const fault = faults.shift();
    if (typeof fault === "number") {
      response.writeHead(fault).end('{"error_code": "INTERNAL_ERROR", "message": "out of order"}');
      return;
    }
    const answer = routes[path]!(body, url.searchParams);
    if (fault === "lost") response.destroy();
    else if (answer === null) response.writeHead(404).end('{"error_code": "RESOURCE_DOES_NOT_EXIST"}');
    else response.end(JSON.stringify(answer));
  });
  return { server, runs, metrics, experiments, requests, faults };
}

let mlflow: ReturnType<typeof makeServer>;
let address: string;
beforeEach(async () => {
  mlflow = makeServer();
  await new Promise<void>((resolve) => void mlflow.server.listen(0, "127.0.0.1", resolve));
  address = `127.0.0.1:${(mlflow.server.address() as AddressInfo).port}`;
  for (const name of ["USERNAME", "PASSWORD", "TOKEN"]) vi.stubEnv(`MLFLOW_TRACKING_${name}`, undefined);
  for (const name of ["EXPERIMENT_NAME", "EXPERIMENT_ID", "RUN_ID"]) vi.stubEnv(`MLFLOW_${name}`, undefined);
  vi.stubEnv("MLFLOW_TRACKING_URI", `http://${address}/`);
});
afterEach(() => {
  vi.unstubAllEnvs();
  mlflow.server.closeAllConnections();
  mlflow.server.close();
});

it("makes an experiment and a run, with options, numbers and an end", async () => {
  vi.stubEnv("MLFLOW_EXPERIMENT_NAME", "an experiment");
  const folder = makeRunFolder({ note: "x".repeat(501) });
  measure(folder, 1, 4);
  const state: Record<string, string> = {};
  const logger = await openMlflow(loggedRun(folder), state, null);
  expect(logger.place).toBe(`http://${address}/#/experiments/1/runs/run0`);
  await logger.log(linesFrom(folder));
  const run = mlflow.runs.get("run0")!;
  expect(run).toMatchObject({ name: "a run", status: "RUNNING" });
  expect(run.params).toContainEqual({ key: "learning_rate", value: "0.00001" });
  expect(run.params).toContainEqual({ key: "report_to", value: "[]" });
  expect(JSON.stringify(run.params)).not.toContain("note");
  const metrics = [...mlflow.metrics.values()];
  expect(metrics).toHaveLength(4 * 3 + 1);
  expect(metrics).toContainEqual({ key: "eval_loss", value: 0.5, timestamp: 1_700_000_004_000, step: 4 });
  await logger.finish("interrupted");
  expect(run.status).toBe("KILLED");
  expect(state).toEqual({ experiment_id: "1", run_id: "run0" });
  // Another run of the same experiment.
  await openMlflow({ ...loggedRun(folder), id: "f".repeat(32) }, {}, null);
  expect([mlflow.experiments.size, mlflow.runs.size]).toEqual([1, 2]);
});

it("neither loses nor doubles anything, whichever request fails or is never answered", async () => {
  const folder = makeRunFolder();
  measure(folder, 1, 40);
  for (const fault of ["lost", 500, 429] as const) {
    for (let sound = 0; sound < 5; sound++) {
      mlflow.runs.clear();
      mlflow.metrics.clear();
      mlflow.faults.push(...Array<null>(sound).fill(null), fault);
      const state: Record<string, string> = {};
      let from: number | null = null;
      let failures = 0;
      for (let done = false; !done; ) {
        try {
          const logger = await openMlflow(loggedRun(folder), state, from);
          await logger.log(linesFrom(folder).slice(0, 10));
          from = 8;
          await logger.log(linesFrom(folder, 8));
          await logger.finish("completed");
          done = true;
        } catch (error) {
          failures += 1;
          expect((error as Error).message).toContain(address);
        }
      }
      expect(failures).toBe(1);
      expect(mlflow.runs.size).toBe(1);
      expect(mlflow.metrics.size).toBe(40 * 3 + 10);
      expect(mlflow.runs.get("run0")!.status).toBe("FINISHED");
    }
  }
});

it("keeps to the limits of a request", async () => {
  const folder = makeRunFolder(
    Object.fromEntries(Array.from({ length: 120 }, (_, index) => [`option_${index}`, index])),
  );
  measure(folder, 1, 400);
  const logger = await openMlflow(loggedRun(folder), {}, null);
  await logger.log(linesFrom(folder));
  const sizes = mlflow.requests.filter(({ path }) => path === "runs/log-batch").map(({ size }) => size);
  expect(sizes).toEqual([100, 24, 1000, 400]);
});

it("tells who it is as MLflow's client does", async () => {
  const run = loggedRun(makeRunFolder());
  const authorizationWith = async () => {
    await openMlflow(run, {}, null);
    return mlflow.requests.at(-1)!.authorization;
  };
  expect(await authorizationWith()).toBeUndefined();
  vi.stubEnv("MLFLOW_TRACKING_TOKEN", "secret");
  expect(await authorizationWith()).toBe("Bearer secret");
  vi.stubEnv("MLFLOW_TRACKING_USERNAME", "Zoë");
  vi.stubEnv("MLFLOW_TRACKING_PASSWORD", "p:w");
  expect(await authorizationWith()).toBe(`Basic ${Buffer.from("Zoë:p:w").toString("base64")}`);
  vi.stubEnv("MLFLOW_TRACKING_USERNAME", undefined);
  vi.stubEnv("MLFLOW_TRACKING_PASSWORD", undefined);
  vi.stubEnv("MLFLOW_TRACKING_URI", `http://me:p%20w@${address}`);
  expect(await authorizationWith()).toBe(`Basic ${Buffer.from("me:p w").toString("base64")}`);
});

it("says what the server answered, and ends a request when it is closed", async () => {
  const folder = makeRunFolder();
  measure(folder, 1, 2);
  mlflow.faults.push(503);
  await expect(openMlflow(loggedRun(folder), {}, null)).rejects.toThrow(
    `${address} answered to runs/search with status 503 (INTERNAL_ERROR: out of order)`,
  );
  const logger = await openMlflow(loggedRun(folder), {}, null);
  mlflow.server.removeAllListeners("request");
  const hanging = logger.log(linesFrom(folder));
  setTimeout(() => logger.close(), 100);
  await expect(hanging).rejects.toThrow(`${address} does not answer (closed)`);
});
