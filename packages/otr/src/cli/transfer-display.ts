/** @file What a person sees of a download or an upload. */
import { counted } from "../config/format-value.js";
import type { DownloadProgress } from "../hub/snapshot.js";
import type { UploadProgress } from "../hub/upload-files.js";
import { fitTerminal, type TextStream } from "./fit-terminal.js";
import { ProgressBar } from "./progress-bar.js";

/** Between two plain lines, in a log. */
const LINE_MILLISECONDS = 10_000;

/** Shows transfers as they go on. */
export interface TransferDisplay {
  show(progress: DownloadProgress | UploadProgress): void;
  /** Takes the bar off the screen, so that other lines can be written. */
  clear(): void;
}

/**
 * Says what is transferred and how much it is, then shows a bar with bytes and rate on a terminal; elsewhere a line now and
 * then, and at the end.
 *
 * @param now clock in milliseconds
 */
export function transferDisplay(
  stream: TextStream,
  now: () => number = () => performance.now(),
): TransferDisplay {
  let shown = "";
  let bar: ProgressBar | null = null;
  let rate = transferRate(now);
  let lastLine = 0;
  return {
    show(progress) {
      const { repository, files, totalBytes } = progress;
      const isDownload = "receivedBytes" in progress;
      const done = isDownload ? progress.receivedBytes : progress.sentBytes;
      const what = `${isDownload ? "Downloading" : "Uploading"} ${repository}`;
      if (what !== shown) {
        bar?.clear();
        stream.write(fitTerminal(`${what}: ${counted(files, "file")}, ${formatBytes(totalBytes)}\n`, stream));
        bar = stream.isTTY ? new ProgressBar(stream, { total: totalBytes, now, format: formatBytes }) : null;
        rate = transferRate(now);
        lastLine = now();
        shown = what;
      }
      const details = rate(done);
      if (bar !== null) {
        bar.update(done, details);
        if (done >= totalBytes) bar.clear();
      } else if (done >= totalBytes || now() - lastLine >= LINE_MILLISECONDS) {
        lastLine = now();
        stream.write(
          `${`${what}: ${formatBytes(done)} of ${formatBytes(totalBytes)}  ${details}`.trimEnd()}\n`,
        );
      }
    },
    clear: () => bar?.clear(),
  };
}

/** Bytes a second since the first call. */
function transferRate(now: () => number): (done: number) => string {
  const start = now();
  let first: number | null = null;
  return (done) => {
    first ??= done;
    const seconds = (now() - start) / 1000;
    return seconds < 0.5 ? "" : `${formatBytes(Math.max(0, done - first) / seconds)}/s`;
  };
}

/** `1.2 GB`; in powers of 1000, as the Hub counts. */
export function formatBytes(bytes: number): string {
  for (const [size, unit] of [
    [1e9, "GB"],
    [1e6, "MB"],
    [1e3, "kB"],
  ] as const) {
    if (bytes >= size) return `${(bytes / size).toFixed(bytes >= 100 * size ? 0 : 1)} ${unit}`;
  }
  return `${Math.round(bytes)} B`;
}
