/**
 * Random programs to run on the machine and on the reference: arithmetic, strings, tables,
 * closures, metatables, coroutines, errors. Every program ends, says what happened on its standard
 * output, and does not show what differs between two runs, such as addresses.
 */
import type { Random } from "../fuzz/random.ts";
import { CALLS_53, FLOATS_53, INTEGERS_53, PRELUDE_53, STRINGS_53 } from "./pieces53.ts";

/** What programs for a target may contain. */
export interface Language {
  /** Numerals with a fraction or an exponent. */
  readonly hasFloats: boolean;
  /** Integer division, operators on bits, `goto`. */
  readonly isLua53: boolean;
}

/** Shows values without their addresses. */
const PRELUDE = `local function show(...)
  local out = {}
  for i = 1, select('#', ...) do
    local v = select(i, ...)
    local t = type(v)
    if t == 'string' or t == 'number' or t == 'boolean' or t == 'nil' then out[i] = tostring(v)
    else out[i] = t end
  end
  print(table.concat(out, ' '))
end
local function key(v)
  local t = type(v)
  if t == 'table' or t == 'function' or t == 'thread' then return t end
  return v
end
local unpack = unpack or table.unpack
`;

/** Programs of about that many top-level functions. */
export function generateProgram(random: Random, language: Language, units: number): string {
  const prelude = language.isLua53 ? PRELUDE_53 + PRELUDE : PRELUDE;
  return prelude + new Writer(random, language).program(units);
}

const INTEGERS = ["0", "1", "2", "3", "-1", "7", "10", "100", "255", "256", "-3", "65536"];
const LARGE = ["2147483647", "2147483648", "-2147483648", "4294967296", "0x7fffffff", "123456789"];
const FLOATS = ["0.5", "1.5", "-2.25", "1e10", "0.1", "3.0", "1e-5", "1e308", "-0.0", "2.5e3"];
const STRINGS = [
  "''",
  "'a'",
  "'abc'",
  "'10'",
  "'0x10'",
  "' 5 '",
  "'1e2'",
  "'-7'",
  "'x y'",
  "'\\0z'",
];
const FIELDS = ["x", "y", "n", "name", "len", "a1"];
const EVENTS = ["add", "sub", "mul", "div", "mod", "pow", "unm", "concat", "lt", "le", "eq", "len"];
const EVENTS_53 = ["idiv", "band", "bor", "bxor", "shl", "shr", "bnot"];

class Writer {
  private readonly random: Random;
  private readonly language: Language;
  private readonly lines: string[] = [];
  /** Local variables in scope, the innermost function's and those around it. */
  private names: string[] = [];
  /** Functions that may be called: those written before. */
  private functions: string[] = [];
  private counter = 0;
  private loops = 0;
  private isVararg = true;
  private inCoroutine = false;
  /** Labels at the ends of the loops around, to go to. */
  private labels: string[] = [];

  constructor(random: Random, language: Language) {
    this.random = random;
    this.language = language;
  }

  program(units: number): string {
    for (let i = 0; i < units; i++) this.unit();
    return `${this.lines.join("\n")}\n`;
  }

  private unit(): void {
    const { random } = this;
    if (random.chance(0.3)) this.declareFunction();
    else if (random.chance(0.31)) this.coroutineUnit();
    else this.protectedUnit();
  }

  /** Runs a block, and shows its results or its error. */
  private protectedUnit(): void {
    this.line("show(pcall(function(...)");
    this.inFunction(true, () => this.block(3));
    this.line(`end${this.arguments(", ")}))`);
  }

  private coroutineUnit(): void {
    const name = this.fresh("co");
    this.line(`local ${name} = coroutine.create(function(...)`);
    const before = this.inCoroutine;
    this.inCoroutine = true;
    this.inFunction(true, () => this.block(3));
    this.inCoroutine = before;
    this.line("end)");
    for (let i = this.random.between(1, 4); i > 0; i--) {
      this.line(`show(coroutine.resume(${name}${this.arguments(", ")}))`);
    }
    this.line(`show(coroutine.status(${name}))`);
  }

  private declareFunction(): void {
    const name = this.fresh("f");
    const parameters = this.random.pick(["", "a", "a, b", "...", "a, ..."]);
    this.line(`local function ${name}(${parameters})`);
    const isVararg = parameters.endsWith("...");
    this.inFunction(isVararg, () => {
      for (const parameter of parameters.split(", ")) {
        if (parameter !== "" && parameter !== "...") this.names.push(parameter);
      }
      this.block(2);
    });
    this.line("end");
    this.functions.push(name);
  }

  private inFunction(isVararg: boolean, write: () => void): void {
    const outer = { names: this.names, isVararg: this.isVararg, functions: this.functions };
    const { labels } = this;
    this.labels = [];
    this.names = [...this.names];
    this.functions = [...this.functions];
    this.isVararg = isVararg;
    write();
    if (this.random.chance(0.7)) this.line(`return ${this.expressions(2)}`);
    this.labels = labels;
    this.names = outer.names;
    this.functions = outer.functions;
    this.isVararg = outer.isVararg;
  }

  private block(depth: number): void {
    const outer = this.names;
    const outerFunctions = this.functions;
    this.names = [...outer];
    this.functions = [...outerFunctions];
    for (let i = this.random.between(1, 5); i > 0; i--) this.statement(depth);
    this.names = outer;
    this.functions = outerFunctions;
  }

  private statement(depth: number): void {
    if (this.language.isLua53 && depth > 0 && this.random.chance(0.12)) {
      this.statement53(depth);
      return;
    }
    const kind = this.random.spread(20, 12, 10, 8, 8, 6, 5, 6, 5, 4, 4, 3, 3);
    if (depth === 0 && kind > 2) {
      this.line(`show(${this.expressions(1)})`);
      return;
    }
    switch (kind) {
      case 0:
        this.localStatement();
        return;
      case 1:
        this.assignment();
        return;
      case 2:
        this.line(`show(${this.expressions(2)})`);
        return;
      case 3:
        this.ifStatement(depth);
        return;
      case 4:
        this.forStatement(depth);
        return;
      case 5:
        this.forInStatement(depth);
        return;
      case 6:
        this.whileStatement(depth);
        return;
      case 7:
        this.tableStatement();
        return;
      case 8:
        this.metatableStatement();
        return;
      case 9:
        this.localFunction(depth);
        return;
      case 10:
        this.protectedCall(depth);
        return;
      case 11:
        this.yieldStatement();
        return;
      default:
        this.errorStatement();
        return;
    }
  }

  /** What only Lua 5.3 has. */
  private statement53(depth: number): void {
    const { random } = this;
    switch (random.spread(4, 3, 3, 3, 2)) {
      case 0:
        if (this.labels.length === 0) break;
        this.line(`if ${this.expression(1)} then goto ${random.pick(this.labels)} end`);
        return;
      case 1:
        this.wrapLoop(depth);
        return;
      case 2:
        this.edgeLoop(depth);
        return;
      case 3:
        this.line(`show(xpcall(function() ${this.errorText()} end, debug.traceback))`);
        return;
      case 4:
        this.callbackStatement();
        return;
    }
    this.line(";");
  }

  /** A coroutine as an iterator. */
  private wrapLoop(depth: number): void {
    if (this.loops >= 2) {
      this.localStatement();
      return;
    }
    const name = this.fresh("v");
    this.line(`for ${name} in coroutine.wrap(function(...)`);
    const before = this.inCoroutine;
    this.inCoroutine = true;
    this.inFunction(true, () => {
      this.line(`coroutine.yield(${this.literal()})`);
      this.block(depth - 1);
    });
    this.inCoroutine = before;
    this.line("end) do");
    this.inLoop(() => {
      this.names.push(name);
      this.line(`show(${name})`);
      this.block(depth - 1);
      this.names.pop();
    });
    this.line("break end");
  }

  /** A numeric loop whose bounds are at the ends of what there is. */
  private edgeLoop(depth: number): void {
    if (this.loops >= 2) {
      this.assignment();
      return;
    }
    const { random } = this;
    const name = this.fresh("i");
    const count = this.fresh("c");
    const bounds = random.pick([
      "math.maxinteger - 1, math.maxinteger",
      "math.mininteger, math.mininteger + 2",
      "math.mininteger + 1, math.mininteger, -1",
      "1, math.huge",
      "1, -math.huge, -1",
      "-1, -math.huge",
      "1, 3.7",
      "3, 0.5, -1",
      "1.0, 3",
      "1, 2, 0.25",
      "1, '3'",
      "'1', 3",
      "16777214.0, 16777220",
      "1, 0/0",
      "math.maxinteger, math.maxinteger + 1.0",
      "3, 1, 0",
      "1, 3, 0",
      `${this.literal()}, ${this.literal()}, ${this.literal()}`,
    ]);
    this.line(`local ${count} = 0`);
    this.line(`for ${name} = ${bounds} do`);
    this.line(`${count} = ${count} + 1`);
    this.line(`show(${name})`);
    this.inLoop(() => {
      this.names.push(name);
      this.block(depth - 1);
      this.names.pop();
    });
    this.line(`if ${count} > 3 then break end`);
    this.line("end");
  }

  /** A library function that calls back, maybe to a yield that it does not allow. */
  private callbackStatement(): void {
    const { random } = this;
    const result = random.pick([this.literal(), "coroutine.yield(1)", "error('in callback')"]);
    this.line(
      random.pick([
        `show(pcall(string.gsub, 'abc', '%w', function(c) return ${result} end))`,
        `show(pcall(table.sort, {3, 1, 2}, function(a, b) local r = ${result} return a < b end))`,
        `do local n = 0 show(pcall(load, function() n = n + 1 if n < 3 then return ${result} end end)) end`,
        `show(pcall(tostring, setmetatable({}, {__tostring = function() return ${result} end})))`,
        `show(pcall(pairs, setmetatable({}, {__pairs = function(t) return ${result}, t end})))`,
        `show(pcall(pcall, function() return ${result} end))`,
        `show(select('#', pcall(table.unpack, setmetatable({}, {__index = function(t, i) return ${result} end}), 1, 3)))`,
      ]),
    );
  }

  private localStatement(): void {
    const { random } = this;
    const count = random.spread(0, 6, 2, 1);
    const names = Array.from({ length: count }, () => this.variableName());
    this.line(`local ${names.join(", ")} = ${this.expressions(2)}`);
    this.names.push(...names);
  }

  private variableName(): string {
    return this.random.chance(0.3) ? this.random.pick("vwxyz") : this.fresh("v");
  }

  private assignment(): void {
    if (this.names.length === 0 || this.random.chance(0.2)) {
      this.line(`g${this.random.below(4)} = ${this.expression(2)}`);
      return;
    }
    const target = this.random.chance(0.6) ? this.random.pick(this.names) : this.place();
    this.line(`${target} = ${this.expression(2)}`);
  }

  /** A field or item to assign to. */
  private place(): string {
    const name = this.random.pick(this.names);
    return this.random.chance(0.5)
      ? `${name}.${this.random.pick(FIELDS)}`
      : `${name}[key(${this.expression(1)})]`;
  }

  private ifStatement(depth: number): void {
    this.line(`if ${this.expression(2)} then`);
    this.block(depth - 1);
    if (this.random.chance(0.4)) {
      this.line(this.random.chance(0.5) ? "else" : `elseif ${this.expression(1)} then`);
      this.block(depth - 1);
    }
    this.line("end");
  }

  /** Loops are not nested deeper than two, and short. */
  private inLoop(write: () => void): void {
    const label = this.language.isLua53 && this.random.chance(0.4) ? this.fresh("l") : undefined;
    this.loops++;
    if (label !== undefined) {
      this.labels.push(label);
      this.line("do");
    }
    write();
    if (label !== undefined) {
      this.labels.pop();
      this.line("end");
      this.line(`::${label}::`);
    }
    this.loops--;
  }

  private forStatement(depth: number): void {
    if (this.loops >= 2) {
      this.assignment();
      return;
    }
    const name = this.fresh("i");
    const { random } = this;
    const start = random.pick(["1", "0", "-2", "5", ...(this.language.hasFloats ? ["0.5"] : [])]);
    const limit = random.pick(["3", "1", "5", "0", "7"]);
    const steps = this.language.hasFloats ? ["0.5", "2", "-1", "1"] : ["2", "-1", "1"];
    const step = random.chance(0.4) ? `, ${random.pick(steps)}` : "";
    const odd = random.chance(0.05);
    this.line(`for ${name} = ${odd ? this.expression(1) : start}, ${limit}${step} do`);
    if (odd) this.line(`if ${name} < -20 or ${name} > 20 then break end`);
    this.inLoop(() => {
      this.names.push(name);
      this.block(depth - 1);
      if (random.chance(0.2)) this.line(`if ${this.expression(1)} then break end`);
      this.names.pop();
    });
    this.line("end");
  }

  private forInStatement(depth: number): void {
    if (this.loops >= 2) {
      this.localStatement();
      return;
    }
    const key = this.fresh("k");
    const value = this.fresh("w");
    const iterator = this.random.weighted([
      [4, `pairs(${this.tableExpression(1)})`],
      [4, `ipairs(${this.tableExpression(1)})`],
      [1, `next, ${this.tableExpression(1)}`],
      [1, `pairs(${this.expression(1)})`],
      [1, "string.gmatch('a1b22c', '%a(%d+)')"],
    ]);
    this.line(`for ${key}, ${value} in ${iterator} do`);
    this.inLoop(() => {
      this.names.push(key, value);
      this.line(`show(${key}, ${value})`);
      this.block(depth - 1);
      this.names.length -= 2;
    });
    this.line("end");
  }

  private whileStatement(depth: number): void {
    if (this.loops >= 2) {
      this.assignment();
      return;
    }
    const name = this.fresh("n");
    this.line(`local ${name} = 0`);
    const isRepeat = this.random.chance(0.5);
    this.line(isRepeat ? "repeat" : `while ${name} < ${this.random.between(1, 5)} do`);
    this.line(`${name} = ${name} + 1`);
    this.inLoop(() => {
      this.names.push(name);
      this.block(depth - 1);
      this.names.pop();
    });
    this.line(isRepeat ? `until ${name} > 2 or ${this.expression(1)}` : "end");
  }

  private tableStatement(): void {
    const name = this.fresh("t");
    this.line(`local ${name} = ${this.tableExpression(2)}`);
    this.names.push(name);
    for (let i = this.random.below(4); i > 0; i--) {
      this.line(`${name}[key(${this.expression(1)})] = ${this.expression(1)}`);
    }
    if (this.random.chance(0.5)) this.line(`for k, v in pairs(${name}) do show(k, v) end`);
    if (this.random.chance(0.5)) this.line(`show(#${name}, next(${name}))`);
    if (this.random.chance(0.3)) this.line(`table.insert(${name}, ${this.expression(1)})`);
    if (this.random.chance(0.2)) this.line(`show(table.remove(${name}))`);
  }

  private metatableStatement(): void {
    const name = this.fresh("m");
    const events = this.language.isLua53 ? [...EVENTS, ...EVENTS_53] : EVENTS;
    const fields: string[] = [];
    for (let i = this.random.between(1, 4); i > 0; i--) {
      const event = this.random.pick(events);
      fields.push(`__${event} = function(a, b) ${this.shortBody()} end`);
    }
    if (this.random.chance(0.5)) fields.push(`__index = ${this.indexHandler()}`);
    if (this.random.chance(0.3)) {
      fields.push("__newindex = function(t, k, v) show('new', k, v) rawset(t, k, v) end");
    }
    if (this.random.chance(0.3)) fields.push("__call = function(self, ...) return ... end");
    if (this.random.chance(0.2)) fields.push("__tostring = function() return 'object' end");
    if (this.language.isLua53 && this.random.chance(0.2)) fields.push("__name = 'My.Type'");
    this.line(`local ${name} = setmetatable(${this.tableExpression(1)}, {${fields.join(", ")}})`);
    this.names.push(name);
    if (this.random.chance(0.7)) this.line(`show(${this.operation(name)})`);
  }

  /** The body of a metamethod, which must not use operators on what it is given. */
  private shortBody(): string {
    return this.random.weighted([
      [4, `show(type(a), type(b)) return ${this.literal()}`],
      [2, `return ${this.literal()}, 2`],
      [1, "error('in metamethod')"],
      [1, this.inCoroutine ? "return coroutine.yield('meta')" : "return a"],
      [1, "return"],
    ]);
  }

  private indexHandler(): string {
    return this.random.weighted([
      [3, `function(t, k) show('index', k) return ${this.literal()} end`],
      [3, "{x = 1, name = 'inherited', [1] = 'one'}"],
      [1, "string"],
      [1, "5"],
      ...(this.inCoroutine ? [[1, "function(t, k) return coroutine.yield(k) end"] as const] : []),
    ]);
  }

  private operation(name: string): string {
    const { random } = this;
    return random.weighted([
      [5, `${name} ${this.binaryOperator()} ${this.expression(1)}`],
      [5, `${this.expression(1)} ${this.binaryOperator()} ${name}`],
      [2, `-${name}`],
      [2, `#${name}`],
      [2, `${name}.${random.pick(FIELDS)}`],
      [1, `${name}(${this.expressions(1)})`],
      [1, `tostring(${name})`],
      [1, `${name} == ${name}, ${name} == {}`],
    ]);
  }

  private localFunction(depth: number): void {
    const name = this.fresh("f");
    this.line(`local function ${name}(a, ...)`);
    this.inFunction(true, () => {
      this.names.push("a");
      this.block(depth - 1);
    });
    this.line("end");
    this.functions.push(name);
    this.line(`show(${name}(${this.expressions(1)}))`);
  }

  private protectedCall(depth: number): void {
    const handler = this.random.chance(0.3);
    this.line(handler ? "show(xpcall(function()" : "show(pcall(function(...)");
    this.inFunction(!handler, () => this.block(depth - 1));
    this.line(
      handler ? "end, function(m) return 'handled ' .. tostring(m) end))" : "end, 1, 'x'))",
    );
  }

  private yieldStatement(): void {
    if (!this.inCoroutine) {
      this.localStatement();
      return;
    }
    const name = this.fresh("y");
    this.line(`local ${name} = coroutine.yield(${this.expressions(1)})`);
    this.names.push(name);
  }

  private errorStatement(): void {
    this.line(`if ${this.expression(1)} then ${this.errorText()} end`);
  }

  private errorText(): string {
    return this.random.weighted([
      [2, `error(${this.expression(1)})`],
      [2, `error('message', ${this.random.below(4)})`],
      [1, `assert(${this.expression(1)})`],
      [1, `assert(${this.expression(1)}, 'assertion text')`],
      [2, "local undefinedlocal = nil; undefinedlocal.field = 1"],
      [1, "undefinedglobal()"],
      [1, `undefinedtable.x.y = ${this.expression(1)}`],
      [1, "return ('x'):nomethod()"],
    ]);
  }

  // Expressions

  private expressions(depth: number): string {
    const count = this.random.spread(0, 6, 2, 1);
    const list = Array.from({ length: count }, () => this.expression(depth));
    if (this.isVararg && this.random.chance(0.1)) list.push("...");
    return list.join(", ");
  }

  private arguments(before: string): string {
    return this.random.chance(0.5) ? before + this.literal() : "";
  }

  private expression(depth: number): string {
    const { random } = this;
    if (depth <= 0) return this.simple();
    switch (random.spread(6, 10, 3, 4, 3, 4, 3, 2, 2)) {
      case 0:
        return this.simple();
      case 1:
        return `(${this.expression(depth - 1)} ${this.binaryOperator()} ${this.expression(depth - 1)})`;
      case 2:
        return `(${this.unaryOperator()}${this.expression(depth - 1)})`;
      case 3:
        return this.libraryCall(depth - 1);
      case 4:
        return this.tableExpression(depth - 1);
      case 5:
        return this.indexExpression(depth - 1);
      case 6:
        return this.callExpression(depth - 1);
      case 7:
        return `(function(a) return ${this.names.length > 0 ? random.pick(this.names) : "a"} end)`;
      default:
        return this.isVararg ? random.pick(["(...)", "select('#', ...)", "#{...}"]) : this.simple();
    }
  }

  private simple(): string {
    if (this.names.length > 0 && this.random.chance(0.5)) return this.random.pick(this.names);
    return this.literal();
  }

  private literal(): string {
    const { random, language } = this;
    return random.weighted([
      [8, random.pick(INTEGERS)],
      [language.isLua53 ? 4 : 0, random.pick([...INTEGERS_53, ...FLOATS_53, ...STRINGS_53])],
      [2, random.pick(LARGE)],
      [language.hasFloats ? 6 : 0, random.pick(FLOATS)],
      [5, random.pick(STRINGS)],
      [1, "nil"],
      [1, "true"],
      [1, "false"],
      [1, `g${random.below(4)}`],
    ]);
  }

  private binaryOperator(): string {
    const bits = this.language.isLua53 ? 3 : 0;
    return this.random.weighted([
      [12, this.random.pick(["+", "-", "*"])],
      [4, this.random.pick(["/", "%"])],
      [1, "^"],
      [5, ".."],
      [6, this.random.pick(["==", "~=", "<", "<=", ">", ">="])],
      [4, this.random.pick(["and", "or"])],
      [bits, this.random.pick(["//", "&", "|", "~", "<<", ">>"])],
    ]);
  }

  private unaryOperator(): string {
    return this.random.pick(this.language.isLua53 ? ["-", "not ", "#", "~"] : ["-", "not ", "#"]);
  }

  private tableExpression(depth: number): string {
    const { random } = this;
    const items: string[] = [];
    for (let i = random.below(5); i > 0; i--) {
      const value = this.expression(depth - 1);
      items.push(
        random.weighted([
          [4, value],
          [3, `${random.pick(FIELDS)} = ${value}`],
          [2, `[key(${this.expression(depth - 1)})] = ${value}`],
        ]),
      );
    }
    if (this.isVararg && random.chance(0.1)) items.push("...");
    return `{${items.join(", ")}}`;
  }

  private indexExpression(depth: number): string {
    const object = this.names.length > 0 ? this.random.pick(this.names) : "g0";
    return this.random.weighted([
      [3, `${object}.${this.random.pick(FIELDS)}`],
      [3, `${object}[${this.expression(depth)}]`],
      [1, `(${this.tableExpression(depth)})[${this.expression(depth)}]`],
    ]);
  }

  private callExpression(depth: number): string {
    if (this.functions.length > 0 && this.random.chance(0.8)) {
      return `${this.random.pick(this.functions)}(${this.expressions(depth)})`;
    }
    if (this.names.length > 0 && this.random.chance(0.3)) {
      return `${this.random.pick(this.names)}(${this.expressions(depth)})`;
    }
    return `(function(...) return ${this.expressions(depth)} end)(${this.expression(depth)})`;
  }

  private libraryCall(depth: number): string {
    const one = this.expression(depth);
    const two = this.expression(depth);
    if (this.language.isLua53 && this.random.chance(0.3)) {
      return this.random.pick(CALLS_53)(one, two);
    }
    return this.random.pick([
      `tostring(${one})`,
      `tonumber(${one})`,
      `tonumber(${one}, 16)`,
      `type(${one})`,
      `select(${this.random.pick(["1", "2", "-1", "'#'"])}, ${one}, ${two})`,
      `rawequal(${one}, ${two})`,
      `rawget(${this.tableExpression(depth)}, ${one})`,
      `unpack(${this.tableExpression(depth)})`,
      `next(${this.tableExpression(depth)})`,
      `pcall(error, ${one})`,
      `getmetatable(${one})`,
      `string.sub(${one}, ${this.random.pick(INTEGERS)}, ${this.random.pick(INTEGERS)})`,
      `string.rep(${one}, ${this.random.below(4)})`,
      `string.upper(${one})`,
      `string.len(${one})`,
      `string.byte(${one}, 1, -1)`,
      `string.find(${one}, 'a')`,
      `('%s:%s'):format(tostring(${one} ~= nil), type(${two}))`,
      `math.floor(${one})`,
      `math.max(${one}, ${two})`,
      `math.abs(${one})`,
      `table.concat(${this.tableExpression(depth)}, '-')`,
    ]);
  }

  private fresh(prefix: string): string {
    this.counter++;
    return `${prefix}${this.counter}`;
  }

  private line(text: string): void {
    this.lines.push(text);
  }
}
