/**
 * The names that the compiler gives to locals which no source mentions. Where it makes them can be
 * told from the tokens: behind the head of a `for` its state, in a method `self`, behind `...` in a
 * list of parameters `arg`, where functions have that.
 */
import type { LuaString } from "../base/lua-string.ts";
import { Token } from "../compiler/tokens.ts";
import type { CompilerFacts } from "../target/memory-facts.ts";

const NONE: readonly LuaString[] = [];
const NUMERIC = ["(for index)", "(for limit)", "(for step)"];
const GENERIC = ["(for generator)", "(for state)", "(for control)"];
const SELF = ["self"];
const ARG = ["arg"];

/** What the tokens belong to. */
enum Place {
  Elsewhere,
  /** The variables behind `for`. */
  LoopVariables,
  /** What stands between `function` and its parameters. */
  FunctionName,
  Parameters,
}

export class HiddenNames {
  private readonly declaresArg: boolean;
  private place = Place.Elsewhere;
  /** The function whose word was read last is written with a colon. */
  private isMethod = false;

  constructor({ declaresArg }: CompilerFacts) {
    this.declaresArg = declaresArg;
  }

  /** Names that a function has from the start; the parenthesis before its parameters was read. */
  opened(): readonly LuaString[] {
    return this.place === Place.Parameters && this.isMethod ? SELF : NONE;
  }

  /** Names made when that token was read. */
  read(token: Token): readonly LuaString[] {
    const { place } = this;
    if (token === Token.For) this.place = Place.LoopVariables;
    else if (token === Token.Function) {
      this.place = Place.FunctionName;
      this.isMethod = false;
    } else if (place === Place.LoopVariables) return this.readLoopVariable(token);
    else if (place === Place.FunctionName) this.readFunctionName(token);
    else if (place === Place.Parameters) {
      if (token === Token.CloseParen) this.place = Place.Elsewhere;
      if (token === Token.Dots && this.declaresArg) return ARG;
    }
    return NONE;
  }

  private readLoopVariable(token: Token): readonly LuaString[] {
    if (token !== Token.Assign && token !== Token.In) return NONE;
    this.place = Place.Elsewhere;
    return token === Token.Assign ? NUMERIC : GENERIC;
  }

  private readFunctionName(token: Token): void {
    if (token === Token.Colon) this.isMethod = true;
    if (token === Token.OpenParen) this.place = Place.Parameters;
  }
}
