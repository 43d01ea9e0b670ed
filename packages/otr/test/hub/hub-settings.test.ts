import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { readHubSettings } from "../../src/hub/hub-settings.js";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "otr-hub-home-"));
});
afterEach(() => {
  rmSync(home, { recursive: true });
});

it("has Hugging Face's defaults", () => {
  const settings = readHubSettings({});
  expect(settings).toMatchObject({ endpoint: "https://huggingface.co", offline: false, timeout: 30_000 });
  expect(settings.cacheFolder).toBe(join(homedir(), ".cache", "huggingface", "hub"));
});

it.each([
  [{ XDG_CACHE_HOME: "/x" }, "/x/huggingface/hub"],
  [{ XDG_CACHE_HOME: "/x", HF_HOME: "/h" }, "/h/hub"],
  [{ HF_HOME: "/h", HUGGINGFACE_HUB_CACHE: "/old" }, "/old"],
  [{ HF_HOME: "/h", HUGGINGFACE_HUB_CACHE: "/old", HF_HUB_CACHE: "/c" }, "/c"],
  [{ HF_HUB_CACHE: "~/c" }, join(homedir(), "c")],
  [{ HF_HUB_CACHE: "$DISK/c/$NONE", DISK: "/d" }, "/d/c/$NONE"],
])("finds the cache as huggingface_hub does: %o", (environment, folder) => {
  expect(readHubSettings(environment).cacheFolder).toBe(folder);
});

it("takes the token from HF_TOKEN, else from a file", () => {
  expect(readHubSettings({ HF_HOME: home }).token).toBeNull();
  writeFileSync(join(home, "token"), "from-file\n");
  expect(readHubSettings({ HF_HOME: home }).token).toBe("from-file");
  expect(readHubSettings({ HF_HOME: home, HF_TOKEN: " given " }).token).toBe("given");
  writeFileSync(join(home, "other"), "from-other");
  expect(readHubSettings({ HF_HOME: home, HF_TOKEN_PATH: join(home, "other") }).token).toBe("from-other");
  mkdirSync(join(home, "folder"));
  expect(readHubSettings({ HF_TOKEN_PATH: join(home, "folder") }).token).toBeNull();
});

it("refuses an impossible token without saying it", () => {
  const read = () => readHubSettings({ HF_TOKEN: "hf_abc\ndef" });
  expect(read).toThrow(/HF_TOKEN holds blanks/);
  expect(read).not.toThrow(/abc/);
});

it("reads whether to be offline, and how long to wait", () => {
  expect(readHubSettings({ HF_HUB_OFFLINE: "1" }).offline).toBe(true);
  expect(readHubSettings({ HF_HUB_OFFLINE: "0" }).offline).toBe(false);
  expect(readHubSettings({ TRANSFORMERS_OFFLINE: "yes" }).offline).toBe(true);
  expect(readHubSettings({ HF_HUB_DOWNLOAD_TIMEOUT: "5" }).timeout).toBe(5000);
});

it.each([
  "https://me:secret@mirror.example",
  "https://secret@mirror.example/hf",
  "https://mirror.example/?token=secret",
  "https://mirror.example/#secret",
  "ftp://me:secret@mirror.example",
])("refuses an endpoint with more than an address without saying it: %s", (HF_ENDPOINT) => {
  const read = () => readHubSettings({ HF_ENDPOINT });
  expect(read).toThrow(/HF_ENDPOINT holds a user, a password, a query or a fragment/);
  expect(read).not.toThrow(/secret/);
});

it("refuses an endpoint that is no web address", () => {
  expect(readHubSettings({ HF_ENDPOINT: "https://mirror.example/hf/" }).endpoint).toBe(
    "https://mirror.example/hf",
  );
  for (const HF_ENDPOINT of ["mirror.example", "file:///etc"]) {
    expect(() => readHubSettings({ HF_ENDPOINT })).toThrow(/HF_ENDPOINT is .* no web address/);
  }
});
