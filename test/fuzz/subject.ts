/** Our side of every comparison: what the library makes of an input. */
import { LuacrossError } from "../../src/base/errors.ts";
import type { LuaString } from "../../src/base/lua-string.ts";
import type { Proto } from "../../src/bytecode/proto.ts";
import type { Target } from "../../src/target/target.ts";
import { loadChunk, type Toolchain } from "../../src/toolchain.ts";

/** What came of loading an input. */
export type Outcome =
  | { readonly kind: "loaded"; readonly proto: Proto }
  | { readonly kind: "refused"; readonly error: LuacrossError }
  /** Something else than a LuacrossError was thrown: always a mistake of ours. */
  | { readonly kind: "crashed"; readonly reason: string };

/** The library as seen through one target. */
export class Subject {
  readonly target: Target;
  readonly toolchain: Toolchain;

  constructor(target: Target, toolchain: Toolchain) {
    this.target = target;
    this.toolchain = toolchain;
  }

  /** Loads source or a binary chunk, as the command line does with a file. */
  load(input: Uint8Array, fileName: LuaString): Outcome {
    const options = { chunkName: `@${fileName}`, target: this.target };
    const content = this.toolchain.skipFirstLine(input);
    return guarded(() => loadChunk(this.toolchain, content, options));
  }

  /** The output file of one input or, combined as calls, of several. */
  encode(protos: readonly Proto[], strip: boolean): Uint8Array {
    const main = protos.length === 1 ? protos[0] : this.toolchain.combineCall(protos);
    return this.toolchain.encode(main, { target: this.target, strip });
  }

  /** The full listing of one input or, combined as calls, of several. */
  list(protos: readonly Proto[]): LuaString {
    const main = protos.length === 1 ? protos[0] : this.toolchain.combineCall(protos);
    return this.toolchain.list(main, { full: true, numbers: this.target.numbers });
  }
}

/** Tells refusals from crashes. */
function guarded(load: () => Proto): Outcome {
  try {
    return { kind: "loaded", proto: load() };
  } catch (error) {
    if (error instanceof LuacrossError) return { kind: "refused", error };
    return { kind: "crashed", reason: describe(error) };
  }
}

/** What was thrown, with the place it came from. */
export function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return (error.stack ?? error.message).split("\n").slice(0, 4).join("\n");
}
