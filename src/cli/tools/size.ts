/**
 * `luacross size`: where the bytes of an image go, as a table, as JSON, or as a page with a treemap;
 * with a budget that a build can be held to.
 */
import { fromText } from "../../base/lua-string.ts";
import type { FunctionSizes, ImageSizes } from "../../image/sizes.ts";
import { orCannot } from "../failure.ts";
import type { Host } from "../host.ts";
import { print } from "../report.ts";
import { shown, styleFor } from "./page.ts";
import { bytes, grouped, parseSize } from "./quantities.ts";
import { biggestInWords, sizePage } from "./size-page.ts";
import { MANY_MODULES_OPTION, openSubject, STRIP_OPTION, type Subject } from "./subjects.ts";
import {
  FINE,
  JSON_OPTION,
  printJson,
  REFUSED,
  TARGET_OPTION,
  type Tool,
  type ToolRequest,
  WrongUse,
} from "./tool.ts";
import { treemapPage } from "./treemap-page.ts";

const HTML_OPTION = {
  name: "--html",
  value: "FILE",
  help: "write a page with a treemap to look around in",
};
const BUDGET_OPTION = {
  name: "--budget",
  value: "SIZE",
  help: "fail when the image takes more flash, like 64K",
};
const ALL_OPTION = { name: "--all", help: "list all functions, not only the largest" };

export const SIZE: Tool = {
  name: "size",
  brief: "FILE ...",
  argumentsInWords: "[options] (IMAGE | FILE ...)",
  summary: "show where the bytes of an image go",
  description: `Shows the bytes of an image by module, by function, and by what they are. Sources and
.lc files are measured as the image they would make. A string that one function
uses counts there; one that several use counts where all of them are.`,
  options: [
    TARGET_OPTION,
    BUDGET_OPTION,
    HTML_OPTION,
    ALL_OPTION,
    STRIP_OPTION,
    MANY_MODULES_OPTION,
    JSON_OPTION,
  ],
  refusal: "the image is over the budget, or cannot be made",
  examples: ["app.img", "--budget 64K init.lua app.lua", "--html app.html app.img"],
  operands: {
    least: 1,
    most: Number.POSITIVE_INFINITY,
    what: "the image, or the files it is made of,",
  },
  run(host, request) {
    const budgetText = request.valueOf(BUDGET_OPTION.name);
    const budget = budgetText === undefined ? undefined : parseSize(BUDGET_OPTION.name, budgetText);
    const html = pageOf(host, request);
    const subject = openSubject(host, request.operands, request);
    const sizes = subject.measure();
    if (html !== undefined) {
      const page = new TextEncoder().encode(treemapPage(subject, sizes));
      orCannot(html, () => host.writeFile(html, page));
    }
    const isOver = budget !== undefined && sizes.total > budget;
    if (request.has(JSON_OPTION.name)) printJson(host, jsonOf(subject, sizes, budget));
    else {
      const style = styleFor(host);
      print(host, fromText(sizePage(subject, sizes, request.has(ALL_OPTION.name), style)));
      if (budget !== undefined) print(host, fromText(`\n${budgetLine(sizes, budget)}`));
    }
    if (isOver) complain(host, sizes, budget);
    return isOver ? REFUSED : FINE;
  },
};

/** Where the page with the treemap goes, if there is to be one. */
function pageOf(host: Host, request: ToolRequest): string | undefined {
  const html = request.valueOf(HTML_OPTION.name);
  if (html === "-") throw new WrongUse(`'${HTML_OPTION.name}' needs a file; '-' is none`);
  // A forgotten value would cost the first input.
  const isInput = (input: string) => input === html || (html && host.isSameFile(input, html));
  if (html !== undefined && request.operands.some(isInput)) {
    throw new WrongUse(`'${HTML_OPTION.name} ${html}' would overwrite an input`);
  }
  return html;
}

function budgetLine({ total }: ImageSizes, budget: number): string {
  const left = budget - total;
  return left >= 0
    ? `Budget ${grouped(budget)}: ${bytes(left)} left.\n`
    : `Budget ${grouped(budget)}: over by ${bytes(-left)}.\n`;
}

function complain(host: Host, sizes: ImageSizes, budget: number): void {
  const excess = `over the budget of ${grouped(budget)} by ${bytes(sizes.total - budget)}`;
  const words = `${host.programName} ${SIZE.name}: ${excess}; ${biggestInWords(sizes)}\n`;
  host.writeStderr(fromText(words));
}

function jsonOf(subject: Subject, sizes: ImageSizes, budget: number | undefined): unknown {
  const { name, target, fileSize } = subject;
  return {
    file: name,
    target: target.name,
    flashBytes: sizes.total,
    fileBytes: fileSize,
    ...(budget !== undefined && { budget, left: budget - sizes.total }),
    parts: sizes.parts,
    modules: sizes.modules.map((module) => ({
      name: shown(module.name),
      bytes: module.total,
      parts: module.parts,
      shared: module.shared,
      main: functionJson(module.main),
    })),
    shared: sizes.shared,
    index: sizes.index,
  };
}

function functionJson({ name, line, lastLine, total, own, functions }: FunctionSizes): unknown {
  return {
    name: name === undefined ? null : shown(name),
    line,
    lastLine,
    bytes: total,
    own,
    functions: functions.map(functionJson),
  };
}
