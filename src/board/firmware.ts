/** What a board needs of its firmware, and what differs between Lua versions: handed in by its maker. */
import type { LuaString } from "../base/lua-string.ts";
import type { Proto } from "../bytecode/proto.ts";
import type { Target } from "../target/target.ts";
import type { Surroundings } from "../vm/library/surroundings.ts";
import type { Library } from "../vm/library.ts";
import type { MachineState } from "../vm/state.ts";
import type { LfsDriver } from "./lfs-driver.ts";

/** The parts that a board cannot see from where it stands. */
export interface Firmware {
  readonly target: Target;
  readonly lfs: LfsDriver;
  /** Source or a binary chunk as a prototype. @throws LuacrossError */
  load(chunk: Uint8Array, chunkName: LuaString): Proto;
  /** Bytes of RAM that the device needs at the worst moment while it compiles a source. */
  compilePeak(source: Uint8Array, chunkName: LuaString): number;
  /** A binary chunk as the device writes it. @throws LuacrossError */
  encode(proto: Proto, stripLevel: number): Uint8Array;
  /** What of a file is a chunk: an interpreter line at its beginning is not. */
  chunkOf(file: Uint8Array): Uint8Array;
  /** Puts the libraries of Lua and those modules into a fresh machine. */
  openGlobals(state: MachineState, surroundings: Surroundings, modules: readonly Library[]): void;
}
