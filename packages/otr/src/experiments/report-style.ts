/** The style of a report's page, in light and dark. The colours of lines are told apart by the colour-blind too (Okabe and Ito). */
export const REPORT_STYLE = `
:root { color-scheme: light dark; --line: light-dark(#d8dce2, #3a3f47); --faint: light-dark(#5b6370, #9aa4b2);
  --right: light-dark(#dff3e3, #173d22); --wrong: light-dark(#fae1df, #4a201d); --warning: light-dark(#b3261e, #f2988f);
  --up: light-dark(#2e9e55, #3fbf6e); --down: light-dark(#d0453a, #e0675d); }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 68rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.25rem; margin-top: 2.5rem; } h3 { font-size: 1.05rem; margin-top: 1.75rem; }
.verdict { font-size: 1.15rem; font-weight: 600; } nav a { margin-right: 1rem; }
.warning { border-left: .3rem solid var(--warning); padding-left: .75rem; } .warning h2 { margin-top: 0; font-size: 1rem; }
.scroll { overflow-x: auto; margin: .75rem 0; } :focus-visible { outline: 2px solid Highlight; outline-offset: 2px; }
table { border-collapse: collapse; } caption { text-align: left; color: var(--faint); padding-bottom: .25rem; }
th, td { padding: .2rem .75rem .2rem 0; border-bottom: 1px solid var(--line); text-align: right; vertical-align: top;
  font-variant-numeric: tabular-nums; }
th { font-weight: 600; } th:first-child, details td, details th { text-align: left; }
details { margin: .5rem 0; } summary { cursor: pointer; } code { white-space: pre-wrap; overflow-wrap: anywhere; }
td.right { background: var(--right); } td.wrong { background: var(--wrong); }
pre { overflow-x: auto; border: 1px solid var(--line); padding: .75rem; }
svg { width: 100%; max-width: 42rem; height: auto; display: block; } svg text { font-size: 11px; fill: var(--faint); }
svg .grid { stroke: var(--line); } svg polyline { fill: none; stroke: currentColor; stroke-width: 1.8; }
svg circle { fill: currentColor; } svg .marked { stroke: CanvasText; stroke-width: 1.5; }
.c0 { color: light-dark(#0072b2, #56a8e0); } .c1 { color: light-dark(#d55e00, #f08a3c); } .c2 { color: light-dark(#00785a, #2fc49a); }
.c3 { color: light-dark(#a8437f, #e08cc0); } .c4 { color: light-dark(#8a6d00, #e6c34a); } .c5 { color: light-dark(#35789c, #8ccdf0); }
.c6 { color: light-dark(#5c5c5c, #b8b8b8); } .c7 { color: light-dark(#6a3fb5, #b79cf0); }
.legend span { margin-right: 1.25rem; } .legend i { display: inline-block; width: .9rem; height: .9rem; margin-right: .4rem;
  background: currentColor; vertical-align: -.1rem; border-radius: .2rem; }
.tokens { display: grid; grid-template-columns: max-content 1fr; gap: .15rem .75rem; border-top: 1px solid var(--line); padding-top: .5rem; }
.tokens dd { margin: 0; font: 14px/1.6 ui-monospace, monospace; overflow-wrap: anywhere; white-space: pre-wrap; }
.context { color: var(--faint); }
.up1 { background: color-mix(in srgb, var(--up) 12%, transparent); } .up2 { background: color-mix(in srgb, var(--up) 28%, transparent); }
.up3 { background: color-mix(in srgb, var(--up) 48%, transparent); } .up4 { background: color-mix(in srgb, var(--up) 70%, transparent); }
.down1 { background: color-mix(in srgb, var(--down) 12%, transparent); } .down2 { background: color-mix(in srgb, var(--down) 28%, transparent); }
.down3 { background: color-mix(in srgb, var(--down) 48%, transparent); } .down4 { background: color-mix(in srgb, var(--down) 70%, transparent); }
footer { margin-top: 3rem; color: var(--faint); border-top: 1px solid var(--line); }
`;
