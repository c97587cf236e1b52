/** What the globals of both versions share: the libraries in flash. Source: lua51.md §6.3, lua53.md §8. */
import type { LuaString } from "../../base/lua-string.ts";
import { type FlashEntries, ITSELF, type Library, openLibrary } from "../library.ts";
import type { MachineState } from "../state.ts";
import type { Table } from "../table.ts";
import { BIT } from "./bit.ts";
import { COLOR_UTILS } from "./color-utils.ts";
import { pipeLibrary } from "./pipe.ts";
import { PIXBUF } from "./pixbuf.ts";
import { sjsonLibrary } from "./sjson.ts";
import { STRUCT } from "./struct.ts";
import type { Surroundings } from "./surroundings.ts";

type Tables = Readonly<Record<LuaString, Table>>;

/** The modules of firmware 3.0 that need nothing of a board. */
export function portableModules(
  state: MachineState,
  { postTask }: Pick<Surroundings, "postTask">,
): readonly Library[] {
  return [STRUCT, BIT, COLOR_UTILS, sjsonLibrary(), pipeLibrary(state, postTask), PIXBUF];
}

/** The tables of libraries by their names, in the same order. */
export function opened(state: MachineState, libraries: readonly Library[]): Tables {
  const tables = libraries.map((library) => [library.name, openLibrary(state, library)]);
  return Object.fromEntries(tables);
}

/**
 * The entries of the table `ROM` of the host build: what the target has of these, in its order.
 *
 * @param tables those that are made already
 */
export function romEntries(
  state: MachineState,
  libraries: readonly Library[],
  tables: Tables,
): FlashEntries {
  const { rom } = state.target.libraries;
  const made = opened(
    state,
    libraries.filter(({ name }) => rom.includes(name)),
  );
  const all: FlashEntries = { ...made, ...tables, ROM: ITSELF };
  return Object.fromEntries(rom.map((name) => [name, all[name]]));
}
