/** Options that describe a simulated board, and the board that they make. */
import { fromText, type LuaString } from "../../base/lua-string.ts";
import type { Board, BoardState } from "../../board/board.ts";
import { type BoardFiles, MemoryFiles, OverlayFiles } from "../../board/files.ts";
import type { StartProgram } from "../../board/runtime.ts";
import { isKnownImage } from "../../image-formats.ts";
import { readImage } from "../../image-tools.ts";
import { newBoard, newBoardWithImage, type SimulationOptions } from "../../simulate.ts";
import type { Target } from "../../target/target.ts";
import { toolchainFor } from "../../toolchain.ts";
import { cannot, giveUp, orCannot } from "../failure.ts";
import type { FolderRefusal, Host } from "../host.ts";
import { chunkHint } from "../input-hints.ts";
import { readInput } from "../inputs.ts";
import { MOCKS_OPTION, mocksOf } from "./board-mocks.ts";
import { parseSize } from "./quantities.ts";
import { chosenTarget, namingFile, targetToBuild } from "./subjects.ts";
import { failure, TARGET_OPTION, type ToolOption, type ToolRequest, WrongUse } from "./tool.ts";

export const CODE_OPTION: ToolOption = {
  name: "-e",
  value: "CODE",
  help: "run this text instead of a file",
};
const LFS_OPTION: ToolOption = {
  name: "--lfs",
  value: "IMAGE",
  help: "load this image into the flash store before the start",
};
export const FILES_OPTION: ToolOption = {
  name: "--fs",
  value: "DIR",
  help: "the board's files; it reads, writes and removes them",
};
export const HEAP_OPTION: ToolOption = {
  name: "--heap",
  value: "BYTES",
  help: "RAM that is free at the start, like 40K",
};
export const STEPS_OPTION: ToolOption = {
  name: "--steps",
  value: "COUNT",
  help: "calls and loops that a program may make in one go",
};

export const BOARD_OPTIONS: readonly ToolOption[] = [
  { ...TARGET_OPTION, help: "firmware; recognised from an image without it" },
  LFS_OPTION,
  FILES_OPTION,
  MOCKS_OPTION,
  HEAP_OPTION,
  STEPS_OPTION,
];

/** What the commands add to the options; their names stand before what they say. */
export type BoardExtras = { readonly command: "run" | "repl" } & Pick<
  SimulationOptions,
  "output" | "onFailure" | "onPrompt" | "hasPrompt" | "isQuiet"
>;

/** @throws WrongUse, Failure */
export function boardOf(
  host: Host,
  request: ToolRequest,
  { command, ...extras }: BoardExtras,
): Board {
  const freeHeap = sizeOption(request, HEAP_OPTION);
  const stepsPerTask = countOption(request, STEPS_OPTION);
  const imageName = request.valueOf(LFS_OPTION.name);
  const image = imageName === undefined ? undefined : readImageFile(host, imageName);
  const target = targetOf(host, request, image);
  const options: SimulationOptions = {
    target,
    files: filesOf(host, request, toldRefusals(host, command)),
    program: programOf(host, request, target, command),
    modules: mocksOf(host, request),
    freeHeap,
    stepsPerTask,
    ...extras,
  };
  if (image === undefined || imageName === undefined) return newBoard(options);
  return namingFile(
    imageName,
    () => newBoardWithImage(image, options),
    () => otherTargets(image, options.target),
  );
}

/** Whom an image is for that this board refused; nothing when that is not the reason. */
function otherTargets(image: Uint8Array, target: Target): LuaString {
  try {
    const targets = targetsOf(image);
    if (targets.includes(target)) return "";
    return fromText(`; it is built for ${targets.map(({ name }) => name).join(" or ")}`);
  } catch {
    // It is damaged, too, and the board has said how.
    return "";
  }
}

/** @throws LuacrossError */
function targetsOf(image: Uint8Array): readonly Target[] {
  return readImage(image, { allowBadCode: true }).targets;
}

/** A whole number, of one that was given. @throws WrongUse when it is less than the least */
export function countOption(
  request: ToolRequest,
  option: ToolOption,
  least = 1,
): number | undefined {
  const text = request.valueOf(option.name);
  if (text === undefined) return undefined;
  const count = /^\d{1,15}$/.test(text) ? Number(text) : -1;
  if (count >= least) return count;
  throw new WrongUse(`'${option.name} ${text}' is no count; write it like 1000`);
}

/** Why a board was stopped, and what helps. */
export function stopMessage({
  reason,
  message,
}: Extract<BoardState, { kind: "stopped" }>): LuaString {
  return reason === "steps" ? `${message}; '${STEPS_OPTION.name} COUNT' changes that` : message;
}

function sizeOption(request: ToolRequest, { name }: ToolOption): number | undefined {
  const text = request.valueOf(name);
  return text === undefined ? undefined : parseSize(name, text);
}

function readImageFile(host: Host, name: string): Uint8Array {
  const file = readInput(host, name);
  if (isKnownImage(file)) return file;
  throw failure(`${name}: this is no flash image; 'luac.cross -f -o app.img FILE ...' makes one`);
}

/** The target of the command line, or of the image, or of the environment, or the usual one. */
function targetOf(host: Host, request: ToolRequest, image: Uint8Array | undefined): Target {
  const chosen = chosenTarget(request);
  if (chosen || !image) return chosen ?? targetToBuild(host, request);
  const name = request.valueOf(LFS_OPTION.name) ?? "";
  return namingFile(name, () => targetsOf(image))[0];
}

/** Without `--fs`, the files beside the program can be read; what is written stays in memory. */
function filesOf(host: Host, request: ToolRequest, onRefusal: FolderRefusal): BoardFiles {
  const folder = request.valueOf(FILES_OPTION.name);
  if (folder !== undefined) return orCannot(folder, () => host.openFolder(folder, onRefusal));
  const [file] = request.operands;
  if (file === undefined && !request.has(CODE_OPTION.name)) return new MemoryFiles();
  const beside = folderOf(file ?? "");
  return new OverlayFiles(orCannot(beside, () => host.openFolder(beside, onRefusal)));
}

/** Says once of each what the system refuses; the program gets what a board gives it then. */
function toldRefusals(host: Host, command: string): FolderRefusal {
  const told = new Set<string>();
  return (place, refusal) => {
    const { message } = cannot(place, refusal);
    if (told.has(message)) return;
    told.add(message);
    host.writeStderr(`luacross ${command}: ${message}\n`);
  };
}

function folderOf(file: string): string {
  const end = Math.max(file.lastIndexOf("/"), file.lastIndexOf("\\"));
  return end < 0 ? "." : file.slice(0, end + 1);
}

/** For a console without files. */
const NOTHING: StartProgram = { chunk: new Uint8Array(0), chunkName: "=nothing" };

function programOf(
  host: Host,
  request: ToolRequest,
  target: Target,
  command: string,
): StartProgram | undefined {
  const code = request.valueOf(CODE_OPTION.name);
  const [file] = request.operands;
  if (code !== undefined && file !== undefined) {
    throw new WrongUse(`'${file}' and '${CODE_OPTION.name}' are two programs; give one`);
  }
  if (code !== undefined) {
    return { chunk: new TextEncoder().encode(code), chunkName: "=code" };
  }
  if (file === undefined) return request.has(FILES_OPTION.name) ? undefined : NOTHING;
  const chunk = readProgram(host, file);
  const hint = foreignChunk(chunk, target);
  if (hint !== undefined) host.writeStderr(fromText(`luacross ${command}: ${file}: ${hint}\n`));
  return { chunk, chunkName: chunkNameOf(file) };
}

/** What a binary file is that the board will refuse; undefined for all others. */
function foreignChunk(chunk: Uint8Array, target: Target): string | undefined {
  if (chunk[0] !== 0x1b) return undefined;
  try {
    toolchainFor(target).decode(chunk, { chunkName: "=?", target });
    return undefined;
  } catch {
    return chunkHint(chunk, target);
  }
}

/** @throws Failure, for a folder or an image with what to do with one */
function readProgram(host: Host, file: string): Uint8Array {
  const program = readFileOrFolder(host, file);
  if (!isKnownImage(program)) return program;
  throw failure(`${file} is a flash image; '${LFS_OPTION.name} ${file}' loads it`);
}

function readFileOrFolder(host: Host, file: string): Uint8Array {
  try {
    return readInput(host, file);
  } catch (error) {
    if (!isFolder(host, file)) throw error;
    throw failure(`${file} is a folder; '${FILES_OPTION.name} ${file}' runs its init.lua`);
  }
}

function isFolder(host: Host, path: string): boolean {
  try {
    host.openFolder(path, giveUp);
    return true;
  } catch {
    return false;
  }
}

/** Boards know files by their names alone. */
function chunkNameOf(file: string): LuaString {
  return fromText(`@${file.slice(folderOf(file) === "." ? 0 : folderOf(file).length)}`);
}
