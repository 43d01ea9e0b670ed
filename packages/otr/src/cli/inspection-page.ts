/** @file An inspection as one page of HTML that loads nothing else, in light and dark. */
import type { RowReport } from "../data/encode-block.js";
import { countSupervised } from "../data/encoded-row.js";
import type { RowTrace } from "../data/row-source.js";
import { escapeHtml } from "../experiments/escape-html.js";
import type { FileInspection, Inspection } from "../training/inspect-run.js";
import { type Purpose, rowCounts } from "./row-counts.js";
import { ENDS, FATES, tokenPieces } from "./token-pieces.js";

const STYLE = `
:root { color-scheme: light dark; --learned: light-dark(#bfe8c7, #1d5c2f); --stripe: light-dark(#a9ddb4, #256d3a);
  --faint: light-dark(#5b6370, #9aa4b2); --cut: light-dark(#b3261e, #f2988f); --line: light-dark(#d8dce2, #3a3f47);
  --bar: light-dark(#4a7bd0, #7ba4ea); }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 2rem; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; }
td { padding: .15rem .5rem .15rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
td:last-child { text-align: right; font-variant-numeric: tabular-nums; }
.bar { display: grid; grid-template-columns: 8rem 1fr 5rem; gap: .5rem; align-items: center; font-variant-numeric: tabular-nums; }
.bar > span:nth-child(odd) { text-align: right; } .bar i { display: block; height: .8rem; background: var(--bar); }
.tokens { font: 14px/1.7 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; margin: .5rem 0;
  padding: .5rem .75rem; border: 1px solid var(--line); border-radius: .4rem; }
.tokens span { border-radius: .2rem; box-shadow: inset -1px 0 var(--line); }
.context { color: var(--faint); } .trained { background: var(--learned); } .trained:nth-child(even) { background: var(--stripe); }
.cut { color: var(--cut); text-decoration: line-through; } .warning { border-left: .3rem solid var(--cut); padding-left: .75rem; }
`;

/** A row to show. */
export interface TracedRow {
  readonly report: RowReport;
  readonly trace: RowTrace;
}

/** The page: chosen rows, then the counts. */
export function inspectionPage(rows: readonly TracedRow[], inspection: Inspection): string {
  const { notes, train, evaluation, shared, work, warnings, problem } = inspection;
  const alerts = [...warnings, ...(problem === null ? [] : [problem.message])];
  const run =
    work === null
      ? ""
      : `<h2>The run</h2>${table([
          ["optimizer steps", work.totalSteps],
          ["steps an epoch", work.stepsPerEpoch],
          ["tokens a step", Math.round(work.tokensPerStep)],
          ["tokens in all", work.totalTokens],
        ])}`;
  const overlap =
    shared === null ? "" : table([["rows for evaluation that are trained on too", shared.count]]);
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Inspection of ${escapeHtml(train.path)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>What is trained</h1>
<p><span class="trained">learned</span>, <span class="context">context</span>, <span class="cut">cut off</span>. A token's id
stands in its tooltip.</p>
${notes.map((note) => `<p>${escapeHtml(note)}</p>`).join("\n")}
${alerts.map((alert) => `<p class="warning">${escapeHtml(alert)}</p>`).join("\n")}
${rows.map(rowSection).join("\n")}
${fileSection("Training", train)}
${evaluation === null ? "" : fileSection("Evaluation", evaluation)}
${overlap}
${run}
</body>
</html>
`;
}

function rowSection({ report, trace }: TracedRow): string {
  const { id, whole, kept, fate, endOfTurn } = report;
  const facts = [
    `${whole.inputIds.length} tokens`,
    `${countSupervised(whole.labels.subarray(...kept))} learned`,
    FATES[fate],
    ...(endOfTurn === null ? [] : [ENDS[endOfTurn]]),
  ];
  const tokens = tokenPieces(report, trace).map(({ id: token, text, state }) => {
    const shown = text === "" ? `‹${token}›` : text.replaceAll("\n", "↵\n");
    return `<span class="${state}" title="${token}">${escapeHtml(shown)}</span>`;
  });
  return `<section><h2>Row ${id}</h2><p>${facts.join("; ")}</p><div class="tokens">${tokens.join("")}</div></section>`;
}

function fileSection(purpose: Purpose, file: FileInspection): string {
  const { endOfTurn, lengths, duplicates } = file;
  const counts = table([
    ...rowCounts(purpose, file).map(({ what, count }) => [what, count] as const),
    ["tokens", file.tokens],
    ["tokens that are learned", file.supervisedTokens],
    ["rows that teach where to stop", endOfTurn.learned],
    ["rows whose end of turn is cut off", endOfTurn.cut],
    ["rows that should teach where to stop, and do not", endOfTurn.unlearned],
    ["rows whose text an earlier row has", duplicates.count],
  ]);
  const most = Math.max(1, ...(lengths?.histogram ?? []).map(({ rows }) => rows));
  const bars = (lengths?.histogram ?? []).map(
    ({ from, to, rows }) =>
      `<div class="bar"><span>${from === to ? from : `${from}–${to}`}</span><i style="width:${((100 * rows) / most).toFixed(1)}%"></i><span>${rows.toLocaleString("en")}</span></div>`,
  );
  const notes = file.notes.map((note) => `<p>${escapeHtml(note)}</p>`).join("");
  return `<h2>${purpose}: ${escapeHtml(file.path)}</h2>${notes}${counts}<h2>Tokens a row</h2>${bars.join("\n")}`;
}

function table(rows: readonly (readonly [what: string, count: number])[]): string {
  const cells = rows.map(
    ([what, count]) => `<tr><td>${escapeHtml(what)}</td><td>${count.toLocaleString("en")}</td></tr>`,
  );
  return `<table>${cells.join("")}</table>`;
}
