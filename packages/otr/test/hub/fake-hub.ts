/** @file A server that speaks the Hub's protocol as far as it is used, with faults on demand. */
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { HubSettings } from "../../src/hub/hub-settings.js";

/** A file of a repository; large ones are kept outside of git, on another host. */
export interface FakeFile {
  readonly content: Buffer;
  readonly large: boolean;
}

export interface FakeRepository {
  commit: string;
  readonly files: Map<string, FakeFile>;
  /** Names of branches and tags beside `main`. */
  readonly revisions: Set<string>;
  access: "public" | "gated" | "private";
  /** Whether the token may only read it. */
  isReadOnly?: boolean;
}

/** What the server saw of a request. */
export interface SeenRequest {
  readonly host: "hub" | "store";
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
}

/** Answers a request in the server's place; false leaves it to the server. */
type Fault = (request: SeenRequest, response: ServerResponse) => boolean;

export const sha256 = (content: Buffer): string => createHash("sha256").update(content).digest("hex");
export const gitHash = (content: Buffer): string =>
  createHash("sha1").update(`blob ${content.length}\0`).update(content).digest("hex");

const TOKEN = "secret-token";

export class FakeHub {
  readonly repositories = new Map<string, FakeRepository>();
  readonly seen: SeenRequest[] = [];
  /** Contents that were uploaded to the store, by SHA-256. */
  readonly uploaded = new Map<string, Buffer>();
  fault: Fault = () => false;
  /** Changes what is said of revisions and files on its way out. */
  spoil: (text: string) => string = (text) => text;
  /** Entries of a page of a listing. */
  pageSize = 1000;
  readonly folder = mkdtempSync(join(tmpdir(), "otr-hub-"));
  readonly #servers: Server[] = [];
  endpoint = "";
  /** Another origin, which must not see the token. */
  store = "";

  static async start(): Promise<FakeHub> {
    const hub = new FakeHub();
    hub.endpoint = await hub.#listen("hub");
    hub.store = await hub.#listen("store");
    return hub;
  }

  /** Settings for clients, with a cache of their own. */
  settings(changes: Partial<HubSettings> = {}): HubSettings {
    const cacheFolder = join(this.folder, "cache");
    return {
      endpoint: this.endpoint,
      token: null,
      cacheFolder,
      offline: false,
      timeout: 2000,
      retryDelay: 1,
      ...changes,
    };
  }

  /** The same as environment variables. */
  environment(): Record<string, string> {
    return {
      HF_ENDPOINT: this.endpoint,
      HF_HUB_CACHE: join(this.folder, "cache"),
      HF_HOME: join(this.folder, "home"),
    };
  }

  /** A token that this server accepts. */
  get token(): string {
    return TOKEN;
  }

  add(id: string, files: Readonly<Record<string, string | Buffer>>, type = "model"): FakeRepository {
    const entries = Object.entries(files).map(([path, content]): [string, FakeFile] => [
      path,
      { content: Buffer.from(content), large: /\.(safetensors|gguf|parquet)$/.test(path) },
    ]);
    const repository: FakeRepository = {
      commit: createHash("sha1").update(id).digest("hex"),
      files: new Map(entries),
      revisions: new Set(),
      access: "public",
    };
    this.repositories.set(`${type}s/${id}`, repository);
    return repository;
  }

  /** Requests whose URL matches, as `METHOD path`. */
  requests(pattern = /./): string[] {
    return this.seen.map(({ method, url }) => `${method} ${url}`).filter((line) => pattern.test(line));
  }

  async stop(): Promise<void> {
    for (const server of this.#servers) {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #listen(host: SeenRequest["host"]): Promise<string> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const { method = "", url = "", headers } = request;
        const seen = { host, method, url, headers, body: Buffer.concat(chunks) };
        this.seen.push(seen);
        if (this.fault(seen, response)) return;
        if (host === "hub") this.#answer(seen, response);
        else this.#answerFromStore(seen, response);
      });
    });
    this.#servers.push(server);
    await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  #answer(request: SeenRequest, response: ServerResponse): ServerResponse {
    const { pathname } = new URL(request.url, this.endpoint);
    const token = request.headers.authorization?.replace("Bearer ", "");
    if (token !== undefined && token !== TOKEN) {
      return fail(response, 401, null, "Invalid credentials in Authorization header");
    }
    if (pathname === "/api/whoami-v2") {
      return token === undefined ? fail(response, 401, null, "") : json(response, { name: "me" });
    }
    if (pathname === "/api/repos/create") return this.#create(request, response, token);
    const api =
      /^\/api\/(?<type>models|datasets)\/(?<id>[^/]+\/[^/]+)(?:\/(?<action>revision|tree|preupload|commit)\/(?<revision>[^/]+))?$/.exec(
        pathname,
      );
    const resolve =
      /^\/(?<type>datasets\/)?(?<id>[^/]+\/[^/]+)\/resolve\/(?<revision>[^/]+)\/(?<path>.+)$/.exec(pathname);
    const batch = /^\/(?<id>[^/]+\/[^/]+)\.git\/info\/lfs\/objects\/batch$/.exec(pathname);
    const parts = api?.groups ?? resolve?.groups ?? batch?.groups;
    if (parts === undefined) return fail(response, 404, null, "");
    const type = api ? parts.type! : parts.type === undefined ? "models" : "datasets";
    const repository = this.repositories.get(`${type}/${parts.id}`);
    if (repository === undefined || (repository.access === "private" && token === undefined)) {
      return fail(response, token === undefined ? 401 : 404, "RepoNotFound", "Repository not found");
    }
    if (batch) return this.#batch(request, response);
    const revision = decodeURIComponent(parts.revision ?? "main");
    if (![...repository.revisions, "main", repository.commit].includes(revision)) {
      return fail(response, 404, "RevisionNotFound", "Invalid rev id");
    }
    if (api && (api.groups?.action ?? "revision") === "revision") {
      const answer = {
        id: parts.id,
        sha: repository.commit,
        siblings: [],
        private: repository.access === "private",
      };
      return json(response, answer, this.spoil);
    }
    if (repository.isReadOnly && request.method === "POST") {
      return fail(response, 403, null, "Forbidden: pass `create_pr=1` as a query parameter");
    }
    if (api?.groups?.action === "preupload") return preupload(request, response);
    if (api?.groups?.action === "commit") return this.#commit(request, response, repository);
    if (repository.access === "gated" && token === undefined) {
      return fail(response, 401, "GatedRepo", "Access to model is restricted.");
    }
    if (api) return this.#tree(request, response, repository);
    return this.#resolve(request, response, repository, decodeURIComponent(parts.path!));
  }

  #tree(request: SeenRequest, response: ServerResponse, { files }: FakeRepository): ServerResponse {
    const url = new URL(request.url, this.endpoint);
    const start = Number(url.searchParams.get("cursor") ?? 0);
    const entries = [...files].map(([path, { content, large }]) => ({
      type: "file",
      path,
      size: content.length,
      oid: large ? gitHash(Buffer.from(`pointer to ${sha256(content)}`)) : gitHash(content),
      ...(large && { lfs: { oid: sha256(content), size: content.length, pointerSize: 130 } }),
    }));
    const all = [{ type: "directory", path: "original", oid: "0".repeat(40), size: 0 }, ...entries];
    const end = start + this.pageSize;
    if (end < all.length) {
      url.searchParams.set("cursor", String(end));
      response.setHeader("Link", `<${url.href}>; rel="next"`);
    }
    return json(response, all.slice(start, end), this.spoil);
  }

  #resolve(
    request: SeenRequest,
    response: ServerResponse,
    repository: FakeRepository,
    path: string,
  ): ServerResponse {
    const file = repository.files.get(path);
    response.setHeader("X-Repo-Commit", repository.commit);
    if (file === undefined) return fail(response, 404, "EntryNotFound", "Entry not found");
    if (!file.large) {
      response.setHeader("ETag", `"${gitHash(file.content)}"`);
      return send(request, response, file.content);
    }
    const hash = sha256(file.content);
    response.setHeader("X-Linked-Etag", `"${hash}"`);
    response.setHeader("X-Linked-Size", file.content.length);
    return response.writeHead(302, { Location: `${this.store}/content/${hash}?signature=x` }).end();
  }

  #answerFromStore(request: SeenRequest, response: ServerResponse): ServerResponse {
    const hash = new URL(request.url, this.store).pathname.split("/").at(-1)!;
    if (request.method === "PUT") {
      this.uploaded.set(hash, request.body);
      return response.writeHead(200, { ETag: `"${hash}"` }).end();
    }
    const contents = [...this.repositories.values()].flatMap(({ files }) => [...files.values()]);
    const file = contents.find(({ content }) => sha256(content) === hash);
    return file === undefined ? response.writeHead(404).end() : send(request, response, file.content);
  }

  #create(request: SeenRequest, response: ServerResponse, token: string | undefined): ServerResponse {
    const { name, organization, visibility } = JSON.parse(request.body.toString()) as Record<string, string>;
    if (token === undefined) return fail(response, 401, null, "");
    if (organization === "forbidden")
      return fail(response, 403, null, "You don't have the rights to create a model");
    const id = `${organization}/${name}`;
    if (this.repositories.has(`models/${id}`))
      return fail(response, 409, null, "You already created this model repo");
    const repository = this.add(id, { ".gitattributes": "*.safetensors filter=lfs\n" });
    if (visibility === "private") repository.access = "private";
    return json(response, { url: `${this.endpoint}/${id}`, name: id, id: "0123456789" });
  }

  #batch(request: SeenRequest, response: ServerResponse): ServerResponse {
    const { objects } = JSON.parse(request.body.toString()) as { objects: { oid: string; size: number }[] };
    return json(response, {
      transfer: "basic",
      objects: objects.map(({ oid, size }) => ({
        oid,
        size,
        ...(!this.uploaded.has(oid) && {
          actions: { upload: { href: `${this.store}/upload/${oid}`, header: {} } },
        }),
      })),
    });
  }

  #commit(request: SeenRequest, response: ServerResponse, repository: FakeRepository): ServerResponse {
    const lines = request.body.toString().trim().split("\n");
    const { parentCommit } = (JSON.parse(lines[0]!) as { value: { parentCommit?: string } }).value;
    if (parentCommit !== undefined && parentCommit !== repository.commit) {
      return fail(response, 412, null, "A commit has happened since. Please refresh and try again.");
    }
    for (const line of lines) {
      const { key, value } = JSON.parse(line) as { key: string; value: Record<string, string> };
      const { path = "" } = value;
      if (key === "deletedFile") repository.files.delete(path);
      if (key === "file")
        repository.files.set(path, { content: Buffer.from(value.content!, "base64"), large: false });
      if (key === "lfsFile")
        repository.files.set(path, { content: this.uploaded.get(value.oid!)!, large: true });
    }
    repository.commit = createHash("sha1").update(request.body).digest("hex");
    return json(response, {
      success: true,
      commitOid: repository.commit,
      commitUrl: this.endpoint,
      hookOutput: "",
    });
  }
}

function preupload(request: SeenRequest, response: ServerResponse): ServerResponse {
  const { files } = JSON.parse(request.body.toString()) as { files: { path: string }[] };
  return json(response, {
    files: files.map(({ path }) => ({
      path,
      uploadMode: path.endsWith(".safetensors") ? "lfs" : "regular",
      shouldIgnore: false,
    })),
  });
}

/** A content or, where one is asked for, a range of it. */
export function send(
  request: Pick<SeenRequest, "headers">,
  response: ServerResponse,
  content: Buffer,
): ServerResponse {
  const range = /^bytes=(\d+)-$/.exec(request.headers.range ?? "");
  if (range === null) {
    return response.writeHead(200, { "Content-Length": content.length }).end(content);
  }
  const start = Number(range[1]);
  if (start >= content.length) {
    return response.writeHead(416, { "Content-Range": `bytes */${content.length}` }).end();
  }
  const part = content.subarray(start);
  const headers = {
    "Content-Length": part.length,
    "Content-Range": `bytes ${start}-${content.length - 1}/${content.length}`,
  };
  return response.writeHead(206, headers).end(part);
}

export function json(
  response: ServerResponse,
  value: unknown,
  spoil = (text: string): string => text,
): ServerResponse {
  return response.writeHead(200, { "Content-Type": "application/json" }).end(spoil(JSON.stringify(value)));
}

export function fail(
  response: ServerResponse,
  status: number,
  code: string | null,
  message: string,
): ServerResponse {
  if (code !== null) response.setHeader("X-Error-Code", code);
  if (message !== "") response.setHeader("X-Error-Message", message);
  return response
    .writeHead(status, { "Content-Type": "application/json" })
    .end(JSON.stringify({ error: message }));
}
