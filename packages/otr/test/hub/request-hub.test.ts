import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { HubSettings } from "../../src/hub/hub-settings.js";
import { requestHub } from "../../src/hub/request-hub.js";
import { FakeHub, fail, json } from "./fake-hub.js";

let hub: FakeHub;
beforeEach(async () => {
  hub = await FakeHub.start();
});
afterEach(() => hub.stop());

const about = {
  purpose: "read it",
  repository: { type: "model", id: "org/name" },
  revision: "main",
} as const;

/** Requests a path; the body as text. */
async function read(path = "/x", settings: Partial<HubSettings> = {}): Promise<string> {
  const response = await requestHub(hub.settings(settings), `${hub.endpoint}${path}`, about);
  return response.text();
}

describe("the token", () => {
  it("goes to the endpoint and, upon a redirect, to no other host", async () => {
    hub.fault = ({ host, url }, response) => {
      if (host === "hub" && url === "/x") response.writeHead(302, { Location: `${hub.endpoint}/y` }).end();
      else if (host === "hub") response.writeHead(307, { Location: `${hub.store}/z` }).end();
      else json(response, "there");
      return true;
    };
    expect(await read("/x", { token: hub.token })).toBe('"there"');
    const tokens = hub.seen.map(({ host, url, headers }) => [host, url, headers.authorization]);
    expect(tokens).toEqual([
      ["hub", "/x", `Bearer ${hub.token}`],
      ["hub", "/y", `Bearer ${hub.token}`],
      ["store", "/z", undefined],
    ]);
  });

  it("is in no error", async () => {
    const token = "another-token";
    for (const path of ["/api/whoami-v2", "/api/models/org/name/revision/main"]) {
      const error = await read(path, { token }).catch((caught: unknown) => caught);
      expect(error).toMatchObject({ code: "HUB_TOKEN_REFUSED" });
      expect(JSON.stringify(error) + String(error)).not.toContain(token);
    }
  });
});

describe("redirects", () => {
  it.each([
    ["that lead to no web address", () => "file:///etc/passwd"],
    ["that never end", () => "/x"],
  ])("%s are refused", async (_, location) => {
    hub.fault = (_request, response) => {
      response.writeHead(302, { Location: location() }).end();
      return true;
    };
    await expect(read()).rejects.toMatchObject({ code: "HUB_FAILED" });
  });
});

describe("what may pass", () => {
  it.each([408, 429, 500, 502, 503])("status %i is tried again", async (status) => {
    hub.fault = (_, response) => {
      if (hub.seen.length < 3) fail(response, status, null, "");
      else json(response, "done");
      return true;
    };
    expect(await read()).toBe('"done"');
    expect(hub.seen).toHaveLength(3);
  });

  it.each([
    [500, "HUB_FAILED", /status 500\. Try again later/],
    [429, "HUB_RATE_LIMITED", /too many requests.*with HF_TOKEN set the limit is higher/],
  ])("status %i is given up after five requests", async (status, code, message) => {
    hub.fault = (_, response) => {
      fail(response, status, null, "");
      return true;
    };
    const reading = read();
    await expect(reading).rejects.toMatchObject({ code });
    await expect(reading).rejects.toThrow(message);
    expect(hub.seen).toHaveLength(5);
  });

  it("Retry-After is waited for, within reason", async () => {
    const times: number[] = [];
    hub.fault = (_, response) => {
      times.push(performance.now());
      if (times.length === 1) {
        response.setHeader("Retry-After", "1");
        fail(response, 429, null, "");
      } else json(response, "done");
      return true;
    };
    await read();
    expect(times[1]! - times[0]!).toBeGreaterThan(950);
    hub.fault = (_, response) => {
      response.setHeader("Retry-After", "7200");
      fail(response, 429, null, "");
      return true;
    };
    await expect(read()).rejects.toThrow(/Try again in 120 min/);
  });

  it("a connection that breaks is made again", async () => {
    hub.fault = ({ url }, response) => {
      if (hub.seen.length < 3) response.socket?.destroy();
      else json(response, url);
      return true;
    };
    expect(await read()).toBe('"/x"');
  });

  it("a server that does not answer is given up", async () => {
    hub.fault = () => true;
    await expect(read("/x", { timeout: 20 })).rejects.toThrow(
      /127\.0\.0\.1:\d+ does not answer \(no answer in time\)/,
    );
    expect(hub.seen).toHaveLength(5);
  });

  it("nobody there is said with what helps", async () => {
    const settings = { ...hub.settings(), endpoint: "http://127.0.0.1:1" };
    const request = requestHub(settings, "http://127.0.0.1:1/x", about, { attempts: 1 });
    await expect(request).rejects.toThrow(
      /cannot read it: 127\.0\.0\.1:1 does not answer .*HF_HUB_OFFLINE=1/,
    );
  });
});

describe("what will not change", () => {
  const refuse = (status: number, code: string | null, message = "") => {
    hub.fault = (_, response) => {
      fail(response, status, code, message);
      return true;
    };
  };

  it.each([
    [401, "GatedRepo", null, "HUB_GATED", /accept its conditions at http.*org\/name.*set HF_TOKEN/],
    [403, "GatedRepo", "t", "HUB_GATED", /with the account that the token is of/],
    [401, "RepoNotFound", null, "HUB_NOT_FOUND", /Check the spelling.*set HF_TOKEN.*\.\/org\/name/],
    [404, "RepoNotFound", "t", "HUB_NOT_FOUND", /the token must be allowed/],
    [404, null, null, "HUB_NOT_FOUND", /there is nothing at/],
    [404, "RevisionNotFound", null, "HUB_REVISION_NOT_FOUND", /has no revision main/],
    [404, "EntryNotFound", null, "HUB_FILE_NOT_FOUND", /cannot read it: there is no such file/],
    [403, null, "t", "HUB_FORBIDDEN", /The token needs that permission/],
    [403, null, null, "HUB_FORBIDDEN", /Set HF_TOKEN/],
    [400, null, null, "HUB_FAILED", /status 400/],
  ])("status %i %s with token %s is %s", async (status, header, token, code, message) => {
    refuse(status, header);
    const reading = read("/x", { token });
    await expect(reading).rejects.toMatchObject({ code });
    await expect(reading).rejects.toThrow(message);
    expect(hub.seen).toHaveLength(1);
  });

  it("shows a server's words without what would move the cursor", async () => {
    refuse(400, null, "bad\u009b31m\u00ffx");
    await expect(read()).rejects.toThrow(/\(bad 31m x\)$/);
  });
});
