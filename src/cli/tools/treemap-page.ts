/**
 * The page that `luacross size --html` writes: a map of all bytes of an image, to look around in.
 * It is one file that asks nothing of any network; a policy in its head keeps it so.
 */
import {
  type FunctionSizes,
  type ImageSizes,
  type ModuleSizes,
  type PartSizes,
  SIZE_PARTS,
  sumOf,
} from "../../image/sizes.ts";
import { shown } from "./page.ts";
import { bytes, dateTime, grouped, percent } from "./quantities.ts";
import { linesOf } from "./size-page.ts";
import type { Subject } from "./subjects.ts";
import { PAGE_FUNCTIONS, START, type TreemapNode } from "./treemap-script.ts";
import { TREEMAP_STYLE } from "./treemap-style.ts";

export function treemapPage(subject: Subject, sizes: ImageSizes): string {
  const { name, target, image } = subject;
  const tree = treeOf(sizes);
  const built = image.time === undefined ? undefined : dateTime(image.time);
  const about = [
    `${bytes(sizes.total)} of flash`,
    `${grouped(sizes.modules.length)} modules`,
    target.name,
    ...(built === undefined || subject.isBuilt ? [] : [`built ${built}`]),
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>${escaped(name)}: where the bytes go</title>
<style>${TREEMAP_STYLE}</style>
</head>
<body>
<header>
<h1>${escaped(name)}</h1>
<p>${about.map(escaped).join(" · ")}</p>
<ul id="legend">${legend(sizes.parts)}</ul>
</header>
<nav id="trail" aria-label="zoomed to"></nav>
<main id="map"></main>
<div id="tip" role="tooltip" hidden></div>
<footer>
<p>Click a module or function to look into it, Esc to go back.</p>
<details><summary>As a table</summary>${moduleTable(sizes)}</details>
</footer>
<script>
"use strict";
${PAGE_FUNCTIONS.join("\n")}
${START.name}(${inScript(tree)}, ${inScript(SIZE_PARTS)}, document, window);
</script>
</body>
</html>
`;
}

/** The image as a tree of boxes: modules, functions, kinds of bytes. */
function treeOf(sizes: ImageSizes): TreemapNode {
  return {
    n: "whole image",
    s: sizes.total,
    c: [
      ...sizes.modules.map(moduleNode),
      ...groupOf("strings of several modules", sizes.shared),
      ...groupOf("header and tables", sizes.index),
    ],
  };
}

function moduleNode({ name, total, shared, main }: ModuleSizes): TreemapNode {
  const { c = [] } = functionNode(main);
  return {
    n: shown(name),
    s: total,
    c: [...c, ...groupOf("strings of several functions", shared)],
  };
}

function functionNode(sizes: FunctionSizes): TreemapNode {
  const lines = linesOf(sizes);
  return {
    n: sizes.name === undefined ? `line ${sizes.line}` : shown(sizes.name),
    s: sizes.total,
    ...(lines && { d: `function, ${lines.includes("–") ? "lines" : "line"} ${lines}` }),
    c: [...leavesOf(sizes.own), ...sizes.functions.map(functionNode)],
  };
}

function leavesOf(parts: PartSizes): TreemapNode[] {
  return SIZE_PARTS.flatMap((part, k) => (parts[part] > 0 ? [{ n: part, s: parts[part], k }] : []));
}

/** Bytes of several kinds under a name; nothing when there are none. */
function groupOf(name: string, parts: PartSizes): TreemapNode[] {
  const size = sumOf(parts);
  return size > 0 ? [{ n: name, s: size, c: leavesOf(parts) }] : [];
}

function legend(parts: PartSizes): string {
  const total = sumOf(parts);
  return SIZE_PARTS.map((part, k) => {
    const share = `${percent(parts[part], total)} %`;
    return `<li data-kind="${k}"><b>${part}</b> ${grouped(parts[part])} <span>${share}</span></li>`;
  }).join("");
}

/** For those who cannot see the map, or want figures. */
function moduleTable({ modules, shared, index, parts }: ImageSizes): string {
  const largest = [...modules].sort((a, b) => b.total - a.total);
  const rows = [
    ...largest.map((module) => tableRow(shown(module.name), module.parts)),
    tableRow("strings of several modules", shared),
    tableRow("header and tables", index),
    tableRow("total", parts),
  ];
  const head = ["module", "bytes", ...SIZE_PARTS].map((title) => `<th>${title}</th>`).join("");
  return `<table><thead><tr>${head}</tr></thead><tbody>${rows.join("")}</tbody></table>`;
}

function tableRow(name: string, parts: PartSizes): string {
  const numbers = [sumOf(parts), ...SIZE_PARTS.map((part) => parts[part])];
  const cells = numbers.map((size) => `<td>${grouped(size)}</td>`).join("");
  return `<tr><th scope="row">${escaped(name)}</th>${cells}</tr>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ENTITIES[character]);
}

/** A value as JavaScript that cannot end the script it stands in. */
function inScript(value: unknown): string {
  return JSON.stringify(value).replace(/[<\u2028\u2029]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
