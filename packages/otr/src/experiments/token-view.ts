/** @file Training rows, token by token, coloured by what each objective did to them. */
import { escapeHtml } from "./escape-html.js";
import type { TracedRow } from "./measurement.js";
import type { ReportedCell } from "./report.js";

/** Changes of log-probability, nats, above which a token has the next stronger colour. */
const STRENGTHS = [0.02, 0.2, 1, 3] as const;

/** The rows of a cell, each below the other for all objectives. */
export function tokenView({ tokens }: ReportedCell): string {
  const rows = tokens[0]?.rows ?? [];
  const sections = rows.map((_, at) => {
    const lines = tokens.map(({ objective, rows: own }) => {
      const row = own[at];
      return row === undefined ? "" : `<dt>${escapeHtml(objective)}</dt><dd>${tokenLine(row)}</dd>`;
    });
    return `<dl class="tokens">${lines.join("")}</dl>`;
  });
  if (sections.length === 0) return "";
  return `<p>Rows of the first seed: <span class="up4">more probable</span> and <span class="down4">less probable</span> than under the
base model, the stronger the colour the more; a token's tooltip has both probabilities.</p>
${sections.join("\n")}`;
}

function tokenLine({ tokens }: TracedRow): string {
  return tokens
    .map(({ text, before, after }) => {
      const shown = escapeHtml(text === "" ? "‹›" : text.replaceAll("\n", "↵"));
      if (before === null || after === null) return `<span class="context">${shown}</span>`;
      return `<span class="${changeClass(before, after)}" title="${before} → ${after}">${shown}</span>`;
    })
    .join("");
}

/** `up1` to `up4`, `down1` to `down4`, or `same`. */
function changeClass(before: number, after: number): string {
  const tiny = 1e-12;
  const change = Math.log(Math.max(after, tiny)) - Math.log(Math.max(before, tiny));
  const strength = STRENGTHS.filter((bound) => Math.abs(change) > bound).length;
  if (strength === 0) return "same";
  return `${change > 0 ? "up" : "down"}${strength}`;
}
