/**
 * TypeScript cut into tokens, as far as the structure tests need it: comments, strings and regular
 * expressions are told from code, and brackets know their partners. Nothing is parsed.
 *
 *     template = "`" text "`" | "`" text "${" … "}" text "${" … "}" text "`"   one token per text
 */

export type TokenKind = "comment" | "string" | "template" | "regex" | "number" | "word" | "mark";

export interface Token {
  readonly kind: TokenKind;
  /** As it stands in the source, quotes and delimiters included. */
  readonly text: string;
  /** 1-based. */
  readonly line: number;
  readonly endLine: number;
}

const BLANK = /[^\S\n]+/y;
const COMMENT = /\/\/.*|\/\*[\s\S]*?\*\//y;
const STRING = /"(?:[^"\\\n]|\\[\s\S])*"|'(?:[^'\\\n]|\\[\s\S])*'/y;
const TEMPLATE = /[`}](?:[^`\\$]|\\[\s\S]|\$(?!\{))*(?:`|\$\{)/y;
const REGEX = /\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y;
const NUMBER = /(?:0[xXbBoO][\da-fA-F_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?)n?/y;
/** Signs beyond ASCII are taken for letters. */
const WORD = /[#$\w\x80-\uffff][$\w\x80-\uffff]*/y;
/** Only marks of one sign, and those that would be misread without their second or third. */
const MARK = /=>|[=!]==?|\?\.(?!\d)|\?\?|&&|\|\||\+\+|--|\.\.\.|[\s\S]/y;

/** After these words a slash begins a regular expression; after others it divides. */
const BEFORE_VALUE = new Set(
  "return typeof case do else in instanceof new void throw delete yield await of".split(" "),
);

/** @throws Error on an unterminated literal */
export function tokenize(source: string): Token[] {
  return new Scanner(source).scan();
}

class Scanner {
  private readonly source: string;
  private readonly tokens: Token[] = [];
  /** For each template that is open, how many braces were open when its `${` came. */
  private readonly templates: number[] = [];
  private braces = 0;
  private line = 1;
  private at = 0;
  /** Whether what came last is a value, so that a slash divides. */
  private afterValue = false;

  constructor(source: string) {
    this.source = source;
  }

  scan(): Token[] {
    while (this.at < this.source.length) {
      const sign = this.source[this.at];
      if (sign === "\n") {
        this.line++;
        this.at++;
      } else if (this.match(BLANK)) this.at = BLANK.lastIndex;
      else this.scanToken(sign);
    }
    return this.tokens;
  }

  private scanToken(sign: string): void {
    if (sign === "`" || (sign === "}" && this.templates.at(-1) === this.braces)) {
      this.scanTemplate(sign);
    } else if (/[#$\w\x80-\uffff]/.test(sign)) {
      if (!/\d/.test(sign) || !this.take("number", NUMBER)) this.take("word", WORD);
    } else if (sign === "/") {
      if (this.take("comment", COMMENT)) return;
      if (this.afterValue || !this.take("regex", REGEX)) this.take("mark", MARK);
    } else if (sign === '"' || sign === "'") {
      if (!this.take("string", STRING)) throw new Error(`line ${this.line}: unterminated string`);
    } else if (sign !== "." || !this.take("number", NUMBER)) {
      this.take("mark", MARK);
      if (sign === "{") this.braces++;
      if (sign === "}") this.braces--;
    }
  }

  private scanTemplate(sign: string): void {
    if (!this.take("template", TEMPLATE)) {
      throw new Error(`line ${this.line}: unterminated template`);
    }
    if (sign === "}") this.templates.pop();
    if (this.source.endsWith("${", this.at)) this.templates.push(this.braces);
  }

  private match(pattern: RegExp): boolean {
    pattern.lastIndex = this.at;
    return pattern.test(this.source);
  }

  private take(kind: TokenKind, pattern: RegExp): boolean {
    if (!this.match(pattern)) return false;
    const text = this.source.slice(this.at, pattern.lastIndex);
    this.at = pattern.lastIndex;
    const { line } = this;
    if (kind !== "word" && kind !== "mark") this.line += text.split("\n").length - 1;
    this.tokens.push({ kind, text, line, endLine: this.line });
    if (kind !== "comment") this.afterValue = isValue(kind, text);
    return true;
  }
}

function isValue(kind: TokenKind, text: string): boolean {
  if (kind === "word") return !BEFORE_VALUE.has(text);
  return kind === "mark" ? /^[)\]}]$/.test(text) : !text.endsWith("${");
}

/** The tokens that are code. */
export function withoutComments(tokens: readonly Token[]): Token[] {
  return tokens.filter((token) => token.kind !== "comment");
}

/** For the index of each opening bracket that of its partner; `${` and its `}` count as brackets. */
export function bracketPairs(tokens: readonly Token[]): ReadonlyMap<number, number> {
  const pairs = new Map<number, number>();
  const open: number[] = [];
  tokens.forEach(({ kind, text }, i) => {
    const template = kind === "template";
    if (template ? text.startsWith("}") : kind === "mark" && /^[)\]}]$/.test(text)) {
      pairs.set(open.pop() ?? -1, i);
    }
    if (template ? text.endsWith("${") : kind === "mark" && /^[([{]$/.test(text)) open.push(i);
  });
  return pairs;
}

/** What a string or a template without blanks to fill says; undefined for other tokens. */
export function stringValue({ kind, text }: Token): string | undefined {
  const whole = kind === "string" || (kind === "template" && /^`[\s\S]*`$/.test(text));
  return whole ? text.slice(1, -1) : undefined;
}
