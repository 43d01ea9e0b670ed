/** @file The report of a comparison in a real browser, opened from the disk without a network. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { reportPage } from "../../src/experiments/report-page.js";
import { sampleReport } from "../experiments/sample-report.js";

/** Debian's package `chromium` puts it there. */
const CHROMIUM = process.env.OTR_CHROMIUM ?? "/usr/bin/chromium";

if (existsSync(CHROMIUM)) inBrowser();
else {
  it("needs Chromium", (context) => {
    console.warn(`There is no ${CHROMIUM}: the report was not opened in a browser. apt-get install chromium`);
    context.skip();
  });
}

function inBrowser(): void {
  let folder: string;
  let browser: Browser;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "otr-browser-"));
    writeFileSync(join(folder, "report.html"), reportPage(sampleReport()));
    // Chromium's own sandbox needs rights that containers do not give, and the page is ours.
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
  });
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Opens the page and collects everything that goes wrong or over the network. */
  async function openPage(
    colorScheme: "light" | "dark",
    width: number,
  ): Promise<{ page: Page; trouble: string[] }> {
    const context = await browser.newContext({
      colorScheme,
      viewport: { width, height: 900 },
      offline: true,
    });
    const page = await context.newPage();
    const trouble: string[] = [];
    page.on("console", (message) => trouble.push(message.text()));
    page.on("pageerror", (error) => trouble.push(error.message));
    page.on("request", (request) => {
      if (!request.url().startsWith("file:")) trouble.push(request.url());
    });
    await page.goto(pathToFileURL(join(folder, "report.html")).href);
    return { page, trouble };
  }

  describe.each([
    ["light", 1200],
    ["dark", 360],
  ] as const)("in %s, %i pixels wide", (scheme, width) => {
    it("shows everything, loads nothing, and is no wider than the window", async () => {
      const { page, trouble } = await openPage(scheme, width);
      expect(await page.title()).toBe("Comparison of sft, otr");
      expect(await page.locator("svg:visible").count()).toBe(2);
      expect(await page.locator("caption:visible").allTextContents()).toContain("Scores of same");
      const overflow = await page.evaluate("document.documentElement.scrollWidth - window.innerWidth");
      expect(overflow).toBeLessThanOrEqual(0);
      expect(trouble).toEqual([]);
      await page.context().close();
    });

    it("has text that stands out from the background", async () => {
      const { page } = await openPage(scheme, width);
      for (const selector of ["h1", "caption", ".legend .c0", ".legend .c1", "svg text"]) {
        expect([selector, await contrast(page, selector)]).toEqual([selector, expect.any(Number)]);
        expect(await contrast(page, selector)).toBeGreaterThan(selector.startsWith(".") ? 3 : 4.5);
      }
      await page.context().close();
    });
  });

  it("can be read with the keyboard: links, tables that scroll, and answers that unfold", async () => {
    const { page } = await openPage("light", 1200);
    const table = page.getByRole("table").filter({ hasText: "right answer" });
    expect(await table.isVisible()).toBe(false);
    const focused: string[] = [];
    for (let presses = 0; presses < 40 && !focused.includes("SUMMARY"); presses++) {
      await page.keyboard.press("Tab");
      focused.push(await page.evaluate<string>("document.activeElement.tagName"));
    }
    expect(focused).toContain("A");
    expect(focused).toContain("DIV");
    await page.keyboard.press("Enter");
    expect(await table.isVisible()).toBe(true);
    expect(await table.textContent()).toContain("<script>");
    await page.context().close();
  });
}

/** Contrast of an element's text with the page behind it, as WCAG 2 defines it. */
const contrast = (page: Page, selector: string): Promise<number> =>
  page.evaluate<number>(`(() => {
    const canvas = document.createElement("canvas").getContext("2d");
    const rgb = (color) => {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = color;
      canvas.fillRect(0, 0, 1, 1);
      return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
    };
    const luminance = (color) => {
      const [r, g, b] = rgb(color).map((c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const style = getComputedStyle(document.querySelector(${JSON.stringify(selector)}));
    const text = ${JSON.stringify(selector)}.startsWith("svg") ? style.fill : style.color;
    const paper = matchMedia("(prefers-color-scheme: dark)").matches ? "#121212" : "#ffffff";
    const [high, low] = [luminance(text), luminance(paper)].sort((a, b) => b - a);
    return (high + 0.05) / (low + 0.05);
  })()`);
