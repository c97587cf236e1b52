/** The names of metamethods and other fields of metatables, as strings of one machine. */
import type { LuaString } from "../base/lua-string.ts";
import type { TString } from "./values.ts";

/** Metatable events as interned strings. */
export class EventNames {
  readonly index: TString;
  readonly newindex: TString;
  readonly eq: TString;
  readonly call: TString;
  readonly concat: TString;
  readonly len: TString;
  readonly lt: TString;
  readonly le: TString;
  readonly unm: TString;
  readonly bnot: TString;
  readonly tostring: TString;
  readonly metatable: TString;
  readonly name: TString;
  readonly gc: TString;
  readonly mode: TString;

  constructor(intern: (text: LuaString) => TString) {
    this.index = intern("__index");
    this.newindex = intern("__newindex");
    this.eq = intern("__eq");
    this.call = intern("__call");
    this.concat = intern("__concat");
    this.len = intern("__len");
    this.lt = intern("__lt");
    this.le = intern("__le");
    this.unm = intern("__unm");
    this.bnot = intern("__bnot");
    this.tostring = intern("__tostring");
    this.metatable = intern("__metatable");
    this.name = intern("__name");
    this.gc = intern("__gc");
    this.mode = intern("__mode");
  }
}
