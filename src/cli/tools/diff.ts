/** `luacross diff`: what grew and what shrank between two images, or what would become images. */
import { fromText } from "../../base/lua-string.ts";
import {
  compareSizes,
  type FunctionChange,
  growth,
  type ImageChange,
  type ModuleChange,
  type SizeChange,
} from "../../image/compare-sizes.ts";
import { SIZE_PARTS } from "../../image/sizes.ts";
import { print } from "../report.ts";
import { type Column, type Row, type Style, shortened, shown, styleFor, table } from "./page.ts";
import { bytes, grouped, percent, signed } from "./quantities.ts";
import { linesOf } from "./size-page.ts";
import { openSubject, STRIP_OPTION, type Subject } from "./subjects.ts";
import { FINE, JSON_OPTION, printJson, TARGET_OPTION, type Tool } from "./tool.ts";

/** Functions that are listed unless all are asked for. */
const FEW = 20;
const ALL_OPTION = { name: "--all", help: "list all functions that changed" };

export const DIFF: Tool = {
  name: "diff",
  brief: "A B",
  argumentsInWords: "[options] A B",
  summary: "show what grew and shrank between two images",
  description: `Compares where the bytes of two images go: by part, by module, by function. A source or
.lc file stands for the image that it alone would make.`,
  options: [TARGET_OPTION, STRIP_OPTION, ALL_OPTION, JSON_OPTION],
  refusal: "one of the two cannot be read or made",
  examples: ["old.img new.img", "--target esp32-lua51-int old/app.lua new/app.lua"],
  operands: { least: 2, most: 2, what: "the second of the two images" },
  run(host, request) {
    const [a, b] = request.operands.map((name) => openSubject(host, [name], request));
    const change = compareSizes(a.measure(), b.measure());
    if (request.has(JSON_OPTION.name)) printJson(host, jsonOf(a, b, change));
    else print(host, fromText(page(a, b, change, request.has(ALL_OPTION.name), styleFor(host))));
    return FINE;
  },
};

function page(a: Subject, b: Subject, change: ImageChange, all: boolean, style: Style): string {
  const { before, after, modules } = change;
  const share = `${growth(change) < 0 ? "" : "+"}${percent(growth(change), before)} %`;
  const total = `${grouped(before)} → ${bytes(after)} of flash, ${signed(growth(change))} (${share})`;
  const targets = a.target === b.target ? "" : `  ${a.target.name} → ${b.target.name}\n`;
  const changed = modules.filter((module) => growth(module) !== 0 || module.functions.length > 0);
  if (changed.length === 0 && growth(change) === 0) {
    return `${style.strong(`${a.name} → ${b.name}`)}: the same ${bytes(after)} of flash\n${targets}`;
  }
  return [
    `${style.strong(`${a.name} → ${b.name}`)}: ${total}\n${targets}`,
    `\n${partTable(change, style)}`,
    `\n${moduleTable(change, changed, style)}`,
    functionTable(changed, all, style),
  ].join("");
}

const CHANGE: readonly Column[] = [
  { title: "before", align: "right" },
  { title: "after", align: "right" },
  { title: "change", align: "right" },
];

function changeRow(names: readonly string[], change: SizeChange, style: Style, note = ""): Row {
  const grew = growth(change);
  const numbers = [grouped(change.before), grouped(change.after), signed(grew)];
  const paint = grew > 0 ? style.bad : grew < 0 ? style.good : undefined;
  return { cells: [...names, ...numbers, note], ...(paint && { paint }) };
}

const NOTE: Column = { title: "", align: "left" };

function partTable({ parts }: ImageChange, style: Style): string {
  const rows = SIZE_PARTS.filter((part) => parts[part].before + parts[part].after > 0).map((part) =>
    changeRow([part], parts[part], style),
  );
  return table([{ title: "part", align: "left" }, ...CHANGE, NOTE], rows, style);
}

function moduleTable(
  { modules, shared, index }: ImageChange,
  changed: readonly ModuleChange[],
  style: Style,
): string {
  const same = modules.length - changed.length;
  const rows = changed.map((module) => {
    return changeRow([shortened(shown(module.name), 30)], module, style, onlyIn(module));
  });
  rows.push(changeRow(["(strings of several)"], shared, style));
  rows.push(changeRow(["(header and tables)"], index, style));
  const rest = same > 0 ? style.faint(`  ${grouped(same)} more did not change\n`) : "";
  return table([{ title: "module", align: "left" }, ...CHANGE, NOTE], rows, style) + rest;
}

function onlyIn({ only }: { readonly only: "before" | "after" | undefined }): string {
  return only === undefined ? "" : only === "after" ? "new" : "gone";
}

function functionTable(modules: readonly ModuleChange[], all: boolean, style: Style): string {
  const changed = modules
    .flatMap((module) => module.functions.map((each) => ({ module, each })))
    .sort((a, b) => Math.abs(growth(b.each)) - Math.abs(growth(a.each)));
  if (changed.length === 0) return "";
  const listed = all ? changed : changed.slice(0, FEW);
  const rows = listed.map(({ module, each }) => {
    const names = [shortened(shown(module.name), 16), shortened(labelOf(each), 34, "left")];
    return changeRow([...names, linesOf(each)], each, style, onlyIn(each));
  });
  const columns: Column[] = [
    { title: "module", align: "left" },
    { title: "function", align: "left" },
    { title: "lines", align: "right" },
  ];
  const more = changed.length - listed.length;
  const rest = more > 0 ? style.faint(`  … and ${grouped(more)} more; '--all' lists them\n`) : "";
  return `\n${table([...columns, ...CHANGE, NOTE], rows, style)}${rest}`;
}

function labelOf({ name, path, line }: FunctionChange): string {
  if (line === 0 && path.length === 0) return "(outside of functions)";
  return [...path, name].map((each) => (each === undefined ? "function" : shown(each))).join(" › ");
}

function jsonOf(a: Subject, b: Subject, change: ImageChange): unknown {
  const modules = change.modules.map((module) => ({
    ...module,
    name: shown(module.name),
    only: module.only ?? null,
    functions: module.functions.map((each) => ({
      ...each,
      name: each.name === undefined ? null : shown(each.name),
      path: each.path.map((name) => (name === undefined ? null : shown(name))),
      only: each.only ?? null,
    })),
  }));
  return {
    before: { file: a.name, target: a.target.name, flashBytes: change.before },
    after: { file: b.name, target: b.target.name, flashBytes: change.after },
    change: growth(change),
    parts: change.parts,
    modules,
    shared: change.shared,
    index: change.index,
  };
}
