/**
 * Damages Lua source the way people and line noise do. What comes out mostly does not compile; the
 * point is that it fails with the right words.
 */
import type { LuaString } from "../../src/base/lua-string.ts";
import type { Features } from "./features.ts";
import type { Random } from "./random.ts";
import { splitTokens } from "./tokens.ts";

/** Tokens, and starts of tokens, to put where they do not belong. */
// biome-ignore format: a list reads best as a block
const VOCABULARY: readonly LuaString[] = [
  ..."+ - * / % ^ # == ~= <= >= < > = ( ) { } [ ] ; : , . .. ... ~ ! @ $ & | ? ` \\".split(" "),
  ..."and break do else elseif end false for function if in local nil not or".split(" "),
  ..."repeat return then true until while goto continue self x f 1 'a' \"".split(" "),
  ..."1.2.3 1e 1e+ 0x 0xg 3x 08 1..2 0x1p4 1e400 .5. 5. 0x.8 0e400 0e999 2147483647".split(" "),
  ..."[[ ]] [= [== [==[ ]=] [=[x]=] -- --[[ --[==[ '\\300' '\\999 '\\25 '\\".split(" "),
  "\n", "\r", "\r\n", "\0", "\0\0", ".\0", "1\0", "1\0-", "\x1a", "\x1b", "\x7f", "\x80", "\xe9",
  "\xef\xbb\xbf", "\xff", "'\n'", '"\r"', "[[ [[ ]]", "--[[ [[ ]]", "'\0", "a\0b", "\n#x\n", "\v",
  "local a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q,r,s,t,u,v,w,x,y,z", "function f(...,a)", "f\n(x)",
  "(f)", "a.b", "a:b", "a.b:c =", "for a.b", "for i", "function a:b.c()", "local function a.b()",
];

/** What else there is where there is `goto`. */
// biome-ignore format: a list reads best as a block
const MODERN_VOCABULARY: readonly LuaString[] = [
  ...VOCABULARY, ..."// << >> :: ~ & | goto x ::x:: ::a:: _ENV ;; 0x.8 0x1p 0xep1 3..2 1ee1".split(" "),
  "'\\x4'", "'\\xg'", "'\\u{110000}'", "'\\u{", "'\\u12'", "'\\z \n'", "'\\q'", "'\\\xe9'", "goto x", "::x::", "goto a",
  "break", "if x then goto x end", "if x then break end", "do local y ::x:: end", "goto continue",
];

/** What a change is made with. */
interface Material {
  readonly random: Random;
  readonly vocabulary: readonly LuaString[];
  /** Another program. */
  readonly other: readonly LuaString[];
}

type Change = (pieces: LuaString[], material: Material) => void;

/** Leaves out one token, or a few in a row. */
function remove(pieces: LuaString[], { random }: Material): void {
  pieces.splice(random.below(pieces.length), random.chance(0.85) ? 1 : random.between(2, 9));
}

/** Writes a token twice, next to each other or not. */
function duplicate(pieces: LuaString[], { random }: Material): void {
  const at = random.below(pieces.length);
  pieces.splice(random.chance(0.7) ? at : random.below(pieces.length), 0, pieces[at]);
}

/** Exchanges two tokens, mostly neighbours. */
function swap(pieces: LuaString[], { random }: Material): void {
  const a = random.below(pieces.length);
  const b = random.chance(0.6) ? Math.min(a + 1, pieces.length - 1) : random.below(pieces.length);
  [pieces[a], pieces[b]] = [pieces[b], pieces[a]];
}

/** Puts a token where none was. */
function insert(pieces: LuaString[], { random, vocabulary }: Material): void {
  pieces.splice(random.below(pieces.length + 1), 0, random.pick(vocabulary));
}

/** Puts another token in the place of one. */
function replace(pieces: LuaString[], { random, vocabulary }: Material): void {
  pieces[random.below(pieces.length)] = random.pick(vocabulary);
}

/** Ends the program in the middle of a token. */
function truncate(pieces: LuaString[], { random }: Material): void {
  const at = random.below(pieces.length);
  const piece = pieces[at];
  pieces.length = at;
  pieces.push(piece.slice(0, random.below(piece.length + 1)));
}

/** Changes bytes inside one token. */
function garble(pieces: LuaString[], { random, vocabulary }: Material): void {
  const at = random.below(pieces.length);
  const piece = pieces[at];
  const cut = random.below(piece.length + 1);
  const byte = random.chance(0.5)
    ? random.pick(vocabulary)
    : String.fromCharCode(random.below(256));
  pieces[at] = piece.slice(0, cut) + byte + piece.slice(cut + random.below(2));
}

/** Goes on with another program. */
function splice(pieces: LuaString[], { random, other }: Material): void {
  pieces.length = random.below(pieces.length);
  const start = random.below(other.length + 1);
  pieces.push(...other.slice(start, start + 2000));
}

const CHANGES: readonly (readonly [number, Change])[] = [
  [4, remove],
  [2, duplicate],
  [3, swap],
  [5, insert],
  [4, replace],
  [1, truncate],
  [3, garble],
  [1, splice],
];

function vocabularyOf({ grammar }: Features): readonly LuaString[] {
  return grammar.goto ? MODERN_VOCABULARY : VOCABULARY;
}

/** A few tokens in a row that need not have anything to do with each other. */
export function tokenSoup(random: Random, features: Features): LuaString {
  const vocabulary = vocabularyOf(features);
  const pieces = Array.from({ length: random.between(1, 9) }, () => random.pick(vocabulary));
  return (
    random.pick(["", "x = ", "local x = ", "f(", "x = {", "if x then "]) +
    pieces.join(random.pick(["", " ", " "]))
  );
}

/** `source` with one to four changes; `other` is a program to splice with. */
export function mutateSource(
  source: LuaString,
  other: LuaString,
  random: Random,
  features: Features,
): LuaString {
  const pieces = splitTokens(source);
  const material = { random, vocabulary: vocabularyOf(features), other: splitTokens(other) };
  for (let i = 1 + random.spread(6, 2, 0, 1); i > 0; i--) {
    if (pieces.length === 0) pieces.push(" ");
    random.weighted(CHANGES)(pieces, material);
  }
  return pieces.join("");
}
