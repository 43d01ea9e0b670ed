import { expect, it } from "vitest";
import { formatBytes, transferDisplay } from "../../src/cli/transfer-display.js";

/** What is written for one download, by a clock that moves a second a report. */
function show(isTTY: boolean, reports: readonly number[], seconds = 1): string {
  let text = "";
  let time = 0;
  const stream = { isTTY, columns: 80, write: (part: string) => (text += part) };
  const display = transferDisplay(stream, () => time);
  for (const receivedBytes of reports) {
    display.show({ repository: "org/name", files: 2, receivedBytes, totalBytes: 4_000_000 });
    time += 1000 * seconds;
  }
  display.clear();
  return text;
}

it("shows bytes, rate and time left on a terminal, within its width", () => {
  const lines = show(true, [0, 1_000_000, 3_000_000, 4_000_000]).split(/\r|\n/);
  expect(lines[0]).toBe("Downloading org/name: 2 files, 4.0 MB");
  expect(lines.some((line) => /75% \[=+ +\] 3\.0 MB\/4\.0 MB {2}1\.5 MB\/s {2}0:01 left/.test(line))).toBe(
    true,
  );
  for (const line of lines) expect(line.replace("\u001b[K", "").length).toBeLessThan(80);
});

it("writes lines elsewhere: at the start, now and then, at the end", () => {
  expect(show(false, [0, 1_000_000, 2_000_000, 4_000_000], 6)).toBe(
    [
      "Downloading org/name: 2 files, 4.0 MB",
      "Downloading org/name: 2.0 MB of 4.0 MB  167 kB/s",
      "Downloading org/name: 4.0 MB of 4.0 MB  222 kB/s",
      "",
    ].join("\n"),
  );
});

it("tells an upload from a download", () => {
  let text = "";
  const display = transferDisplay({ write: (part) => (text += part) });
  display.show({ repository: "me/tuned", files: 1, sentBytes: 0, totalBytes: 10 });
  expect(text).toBe("Uploading me/tuned: 1 file, 10 B\n");
});

it.each([
  [0, "0 B"],
  [999, "999 B"],
  [1500, "1.5 kB"],
  [269_060_552, "269 MB"],
  [4_976_698_672, "5.0 GB"],
])("formatBytes(%i) is %s", (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});
