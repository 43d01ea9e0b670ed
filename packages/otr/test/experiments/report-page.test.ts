import { expect, it } from "vitest";
import { reportMarkdown } from "../../src/experiments/report-markdown.js";
import { reportPage } from "../../src/experiments/report-page.js";
import { sampleReport } from "./sample-report.js";

const page = reportPage(sampleReport());

it("holds tables, charts, flips with both answers, and tokens", () => {
  expect(page).toContain("<td>+4.1 to +14.9</td>");
  expect(page).toContain("<td>38,988</td>");
  expect(page.match(/<svg /g)).toHaveLength(2);
  expect(page).toContain("Answers that only one has right: sft 1, otr 0");
  expect(page).toContain("counts as <code>12</code>");
  expect(page).toContain('<span class="up3" title="0.05 → 0.4">7</span>');
  expect(page).toContain('<span class="down3" title="0.9 → 0.2">↵</span>');
});

it("loads nothing, runs nothing and lets no text out of its place", () => {
  expect(page).toContain("default-src 'none'; style-src 'unsafe-inline'");
  expect(page).not.toMatch(/<(script|img|link|iframe|object)\b/);
  expect(page).not.toMatch(/\b(href|src)="(?!#)/);
  expect(page).toContain("&lt;script&gt;");
  expect(page).not.toContain("NaN");
  expect(page).not.toContain("undefined");
});

it("is told in Markdown too, in which no text is markup", () => {
  const text = reportMarkdown(sampleReport());
  expect(text).toContain("| otr less sft | +9.5 | +4.1 to +14.9 |");
  expect(text).not.toMatch(/(^|[^\\])<script/);
  for (const line of text.split("\n").filter((row) => row.startsWith("| sft"))) {
    expect(line.match(/(?<!\\)\|/g)!.length).toBeGreaterThan(3);
  }
});
