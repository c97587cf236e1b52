/**
 * `luacross ram`: what modules take of the device's memory, by the way they are loaded, and while
 * the device compiles them.
 */
import { fromText } from "../../base/lua-string.ts";
import { isKnownImage } from "../../image-formats.ts";
import { type RamUse, ramUseOfProto, ramUseOfSource } from "../../ram/ram-use.ts";
import type { Target } from "../../target/target.ts";
import type { Host } from "../host.ts";
import { readContent, readInput } from "../inputs.ts";
import { print } from "../report.ts";
import { styleFor } from "./page.ts";
import { ramPage } from "./ram-page.ts";
import { targetToBuild } from "./subjects.ts";
import { FINE, failure, JSON_OPTION, printJson, TARGET_OPTION, type Tool } from "./tool.ts";

export const RAM: Tool = {
  name: "ram",
  brief: "FILE ...",
  argumentsInWords: "[options] FILE ...",
  summary: "show what modules take of the device's RAM",
  description: `Shows the bytes of the device's RAM that each module keeps once it is loaded, before it
runs: from source, from a .lc file, from one made with -s, and from LFS; and how
much is in use at the worst moment while the device compiles the source. Each
module is measured on its own, in an interpreter that has just started.`,
  options: [TARGET_OPTION, JSON_OPTION],
  refusal: "a file cannot be read or compiled",
  examples: ["init.lua app.lua", "--target esp8266-2.2-int --json app.lua", "app.lc"],
  operands: { least: 1, most: Number.POSITIVE_INFINITY, what: "the file to measure" },
  run(host, request) {
    const target = targetToBuild(host, request);
    const uses = request.operands.map((file) => ({ file, ...measure(host, file, target) }));
    if (request.has(JSON_OPTION.name)) printJson(host, uses);
    else print(host, fromText(ramPage(uses, target, styleFor(host))));
    return FINE;
  },
};

/** @throws Failure */
function measure(host: Host, name: string, target: Target): RamUse {
  const content = readInput(host, name);
  if (isKnownImage(content)) {
    const advice = "its modules take what the column LFS shows for their files";
    throw failure(`${name}: this is a flash image, and all of it stays in flash; ${advice}`);
  }
  return readContent(name, content, target, { source: ramUseOfSource, chunk: ramUseOfProto });
}
