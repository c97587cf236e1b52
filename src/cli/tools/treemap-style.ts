/** How the page with the treemap looks: light and dark, by what the reader's system prefers. */

/** Colours of the kinds of bytes, in the order of `SIZE_PARTS`: light ones, then dark ones. */
const KINDS = [
  ["#a9c8ee", "#2c5282"],
  ["#a5dcd3", "#1f665c"],
  ["#f7cb93", "#8a5314"],
  ["#bfe0a6", "#3f6b2a"],
  ["#dcc2ea", "#644080"],
  ["#d4d4dc", "#4a4b57"],
] as const;

const [LIGHT, DARK] = [0, 1].map((mode) =>
  KINDS.map((colours, kind) => `--kind-${kind}: ${colours[mode]};`).join(" "),
);

const KIND_RULES = KINDS.map(
  (_, kind) => `[data-kind="${kind}"] { --kind: var(--kind-${kind}); }`,
).join("\n");

export const TREEMAP_STYLE = `
:root {
  color-scheme: light dark;
  --page: #f6f6f8; --box: #ffffff; --box-2: #f1f1f5; --edge: #d3d4dd; --ink: #1b1c24; --faint: #636574;
  --accent: #2563c4; --shadow: rgb(20 22 40 / 18%); ${LIGHT}
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #14151b; --box: #1f2029; --box-2: #282a35; --edge: #3b3d4c; --ink: #ececf3; --faint: #9fa1b3;
    --accent: #82b1ff; --shadow: rgb(0 0 0 / 50%); ${DARK}
  }
}
${KIND_RULES}
* { box-sizing: border-box; }
body {
  margin: 0; padding: 18px 22px 12px; min-height: 100vh; display: flex; flex-direction: column; gap: 10px;
  background: var(--page); color: var(--ink);
  font: 14px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; font-variant-numeric: tabular-nums;
}
h1 { margin: 0; font-size: 20px; font-weight: 650; overflow-wrap: anywhere; }
header p, footer p { margin: 2px 0 0; color: var(--faint); }
#legend { display: flex; flex-wrap: wrap; gap: 4px 18px; margin: 10px 0 0; padding: 0; list-style: none; }
#legend li::before {
  content: ""; display: inline-block; width: 12px; height: 12px; margin-right: 7px; border-radius: 3px;
  background: var(--kind); vertical-align: -1px;
}
#legend b { font-weight: 550; }
#legend span { color: var(--faint); }
#trail { display: flex; flex-wrap: wrap; align-items: baseline; gap: 2px; min-height: 26px; }
#trail button { border: 0; padding: 2px 5px; border-radius: 4px; background: none; color: var(--accent); font: inherit; cursor: pointer; }
#trail button:hover { background: var(--box-2); }
#trail button + button::before { content: "›"; margin-right: 9px; color: var(--faint); }
#trail button:last-of-type { color: var(--ink); font-weight: 600; }
#trail .bytes { margin-left: 8px; color: var(--faint); }
#map { position: relative; height: max(440px, calc(100vh - 230px)); }
.group, .leaf { position: absolute; overflow: hidden; border-radius: 4px; cursor: pointer; font-size: 12px; line-height: 17px; white-space: nowrap; }
.group { background: var(--box); border: 1px solid var(--edge); }
.group[data-depth="2"], .group[data-depth="4"] { background: var(--box-2); }
.group > .name {
  display: inline-block; max-width: 100%; padding: 0 6px; overflow: hidden; text-overflow: ellipsis;
  vertical-align: top; font-weight: 600;
}
.group > .bytes { color: var(--faint); }
.group[data-depth="1"] { border-radius: 6px; }
.group:hover, .group:focus-visible { border-color: var(--accent); outline: 0; }
.leaf { background: var(--kind); border: 1px solid var(--box); padding: 0 5px; border-radius: 3px; }
.leaf:hover { filter: brightness(1.07) saturate(1.15); }
.leaf > span { display: block; overflow: hidden; text-overflow: ellipsis; }
.leaf > .bytes { opacity: 0.75; font-size: 11px; line-height: 14px; }
#tip {
  position: fixed; z-index: 1; max-width: 420px; padding: 8px 11px; border-radius: 7px; pointer-events: none;
  background: var(--box); border: 1px solid var(--edge); box-shadow: 0 6px 24px var(--shadow); font-size: 13px;
}
#tip[hidden] { display: none; }
#tip span { display: block; overflow-wrap: anywhere; }
#tip .names { font-weight: 600; }
#tip .more { color: var(--faint); }
footer { font-size: 13px; }
summary { color: var(--faint); cursor: pointer; }
table { border-collapse: collapse; margin-top: 8px; }
th, td { padding: 3px 14px 3px 0; text-align: right; font-weight: 400; border-bottom: 1px solid var(--edge); }
thead th { color: var(--faint); }
th:first-child { text-align: left; overflow-wrap: anywhere; }
tbody tr:last-child > * { font-weight: 600; border-bottom: 0; }
`;
