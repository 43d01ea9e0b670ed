/** @file `node download-child.js ENDPOINT TARGET SIZE SHA256`: downloads a file as a process of its own. */
import { downloadFile } from "../../dist/hub/download-file.js";

const [endpoint, target, size, sha256] = process.argv.slice(2);
await downloadFile(
  { endpoint, token: null, cacheFolder: "", offline: false, timeout: 60_000, retryDelay: 1 },
  {
    url: `${endpoint}/org/name/resolve/main/model.safetensors`,
    file: { path: "model.safetensors", size: Number(size), gitHash: "0".repeat(40), sha256, xetHash: null },
    target,
    subject: { purpose: "download it" },
    onBytes() {},
  },
);
