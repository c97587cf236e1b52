/**
 * `luacross inspect`: what a file is. An image or a `.lc` file tells whom it was made for, when, of
 * what, and where its bytes go.
 */
import { fromText } from "../../base/lua-string.ts";
import { isBinaryChunk, skipFirstLine } from "../../formats/chunk.ts";
import { isKnownImage } from "../../image-formats.ts";
import { Failure } from "../failure.ts";
import { readInput } from "../inputs.ts";
import { print } from "../report.ts";
import type { Finding } from "./findings.ts";
import { inspectChunk } from "./inspect-chunk.ts";
import { inspectImage } from "./inspect-image.ts";
import { styleFor } from "./page.ts";
import { bytes, counted } from "./quantities.ts";
import { openFile } from "./subjects.ts";
import { FINE, JSON_OPTION, printJson, REFUSED, type Tool } from "./tool.ts";

export const INSPECT: Tool = {
  name: "inspect",
  brief: "FILE ...",
  argumentsInWords: "[options] FILE ...",
  summary: "show what an image or a .lc file is, and what is in it",
  description: `Shows what a file is: an LFS image of either format or a .lc file, for which targets,
when it was made, its modules, and where its bytes go. Targets that the file does
not tell apart are all named.`,
  options: [JSON_OPTION],
  refusal: "a file cannot be read, or is none of these",
  examples: ["app.img", "--json init.lc app.lc"],
  operands: { least: 1, most: Number.POSITIVE_INFINITY, what: "the file" },
  run(host, { operands, has }) {
    const findings: Finding[] = [];
    let status = FINE;
    for (const name of operands) {
      try {
        findings.push(inspect(name, readInput(host, name)));
      } catch (error) {
        // The other files are shown all the same.
        if (!(error instanceof Failure)) throw error;
        host.writeStderr(`${fromText(host.programName)} ${INSPECT.name}: ${error.message}\n`);
        status = REFUSED;
      }
    }
    const style = styleFor(host);
    if (has(JSON_OPTION.name))
      printJson(
        host,
        findings.map(({ json }) => json),
      );
    else print(host, fromText(findings.map(({ page }) => page(style)).join("\n")));
    return status;
  },
};

function inspect(name: string, file: Uint8Array): Finding {
  if (isKnownImage(file)) return inspectImage(openFile(name, file));
  const content = skipFirstLine(file);
  return isBinaryChunk(content) ? inspectChunk(name, content) : inspectText(name, file);
}

const LINE_FEED = 0x0a;

function inspectText(name: string, file: Uint8Array): Finding {
  // Source holds no zeros outside of strings, where nobody writes them.
  if (file.includes(0)) {
    throw new Failure(`${fromText(name)}: this is no Lua source, no .lc file and no LFS image`);
  }
  const lines = file.reduce((count, byte) => count + Number(byte === LINE_FEED), 0);
  const size = `${bytes(file.length)}, ${counted(lines, "line")}`;
  const what = file.length === 0 ? "empty" : `Lua source, or other text: ${size}`;
  return {
    json: { file: name, kind: "source", fileBytes: file.length, lines },
    page: ({ strong }) => `${strong(name)}: ${what}\n`,
  };
}
