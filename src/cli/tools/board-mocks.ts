/** Mocks of modules from a folder: each file in it returns the table of the module that it is named after. */
import { fromText, type LuaString } from "../../base/lua-string.ts";
import { LuaMock, mockModule } from "../../board/mock.ts";
import type { BoardModule } from "../../board/module.ts";
import { isFirmwareModule } from "../../target/firmware-modules.ts";
import type { Target } from "../../target/target.ts";
import { giveUp, orCannot } from "../failure.ts";
import type { Host } from "../host.ts";
import { failure, type ToolOption, type ToolRequest } from "./tool.ts";

export const MOCKS_OPTION: ToolOption = {
  name: "--mocks",
  value: "DIR",
  help: "stand-ins for modules: DIR/wifi.lua returns a table, 'wifi'",
};

const FILE = /^([A-Za-z_]\w*)\.lua$/;

/** @throws Failure when the folder cannot be read, or has no mock in it */
export function mocksOf(host: Host, request: ToolRequest): readonly BoardModule[] {
  const folder = request.valueOf(MOCKS_OPTION.name);
  if (folder === undefined) return [];
  const files = orCannot(folder, () => host.openFolder(folder, giveUp));
  const mocks = files.names().flatMap((file) => {
    const [, name] = FILE.exec(file) ?? [];
    const chunk = files.read(file);
    if (name === undefined || chunk === undefined) return [];
    return [mockModule(name, new LuaMock(chunk, `@${pathIn(folder, file)}`))];
  });
  if (mocks.length > 0) return mocks;
  throw failure(`${folder}: there are no mocks here; 'wifi.lua' would be one of 'wifi'`);
}

function pathIn(folder: string, file: LuaString): LuaString {
  return `${fromText(folder.replace(/[/\\]+$/, ""))}/${file}`;
}

/**
 * How Lua 5.1 and Lua 5.3 say that a global is nil, and how `require` says that it found nothing. Code
 * without names calls a global a field in Lua 5.3.
 */
const MISSING =
  /attempt to index global '(\w+)' \(a nil value\)|attempt to index a nil value \((?:global|field) '(\w+)'\)|module '(\w+)' not found/;

/** Whether a text may be the message of an error that {@link missingModules} has something to say of. */
export function mayMissModule(text: LuaString): boolean {
  return MISSING.test(text);
}

/**
 * What to say of errors of programs that use modules which only a real board has.
 *
 * @param folder where mocks are, if anywhere
 */
export function missingModules(
  messages: Iterable<LuaString>,
  { firmwareNames }: Target,
  folder: string | undefined,
): readonly LuaString[] {
  const names = [...messages].flatMap((message) => {
    const [, name51, name53, required] = MISSING.exec(message) ?? [];
    const name = name51 ?? name53 ?? required ?? "";
    return isFirmwareModule(name, firmwareNames) ? [name] : [];
  });
  return [...new Set(names)].map((name) => {
    const stand =
      folder === undefined
        ? `'${MOCKS_OPTION.name} DIR' takes a stand-in for it`
        : `${pathIn(folder, fromText(`${name}.lua`))} would stand in for it`;
    return `the board has no module '${name}'; ${stand}`;
  });
}
