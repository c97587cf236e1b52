/**
 * What of a program lies in flash: prototypes of an LFS image and their strings. They take no memory,
 * and neither does an equal string that a program makes.
 */
import type { LuaString } from "../base/lua-string.ts";
import type { Proto } from "../bytecode/proto.ts";
import { textsOf } from "./proto-texts.ts";

export class FlashContents {
  private readonly protos = new WeakSet<Proto>();
  private readonly texts = new Set<LuaString>();

  /**
   * Puts a prototype, all nested in it, and their strings into flash.
   *
   * @param strings what else lies there
   */
  add(proto: Proto, strings: Iterable<LuaString> = []): void {
    for (const text of strings) this.texts.add(text);
    for (const text of textsOf(proto)) this.texts.add(text);
    this.addNested(proto);
  }

  private addNested(proto: Proto): void {
    this.protos.add(proto);
    for (const nested of proto.protos) this.addNested(nested);
  }

  holdsProto(proto: Proto): boolean {
    return this.protos.has(proto);
  }

  holdsText(text: LuaString): boolean {
    return this.texts.has(text);
  }
}
