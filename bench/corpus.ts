/**
 * Lua modules of realistic size and variety, for benchmarks and for tests that need much source:
 * the modules of our own example, copied under other names. Every copy is rewritten with its own
 * identifiers, words in strings and comments, and numbers, so that symbol tables, constant tables
 * and string hashing meet as many different names as in as many different programs. What the
 * firmware defines (`tmr.create`, `string.format`) keeps its name, as it does in real programs.
 *
 * The result depends on the example and on nothing else: no clock, no chance.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export interface CorpusFile {
  /** A file name without directory, different for every file of the corpus. */
  readonly name: string;
  /** Lua that compiles on every target. */
  readonly source: Uint8Array;
}

/** The same place seen from `bench/` and, bundled, from `build/`. */
const EXAMPLE = fileURLToPath(new URL("../examples/weather-station/", import.meta.url));

const DEFAULT_BYTES = 256 * 1024;

/** Keywords, and every name that the language or the firmware gives a meaning to. */
const FIXED_NAMES: ReadonlySet<string> = new Set(
  `and break do else elseif end false for function goto if in local nil not or repeat return then
   true until while
   adc collectgarbage dht file math mqtt net node package pairs pcall print require rtcmem select
   self setmetatable sjson string table tmr tonumber tostring type unpack wifi
   ALARM_AUTO ALARM_SINGLE Client ERROR_CHECKSUM IP LFS OK SSID STATION STA_DISCONNECTED STA_GOT_IP
   __index alarm bootreason chipid close concat config connect create createServer decode eventmon
   exists find flashindex flashreload floor format get gsub heap insert listen loaded loaders lwt
   match max min on open publish putcontents read read32 reason register reload remove rename
   restart send setmode setonerror sta stop sub subscribe time write32`.split(/\s+/),
);

/** What names and words of a copy are made of: the vocabulary of devices around a house. */
const WORDS: readonly string[] =
  `access alarm ambient anchor angle arrival assign autumn average balance barrel basin battery
   beacon bearing blind boiler border bottle branch breeze bridge bright bucket buffer burner cabin
   cable candle canopy carrier cellar channel charge chimney circuit clamp climate cloud column
   compass contact cooler copper corner coupling cover current curtain cycle damper dawn deadline
   degree delta desired device dimmer display distance divider door drain drift driver duct dusk
   duty edge effort engine error event exhaust facade factor fader fault feeder fence field filter
   flame flow focus frame freezer frost furnace fuse garage garden gate gauge glass gravel green
   ground gust gutter hallway handle harbour hatch heater hedge hinge hold hollow humid hydrant idle
   impulse indoor inlet input inner intake iron island jacket joint kettle kitchen ladder lamp latch
   lattice lawn leak ledger lever limit linear liquid lock loft lower lumen magnet mains manual
   marble margin market marker matrix meadow median meter minute mirror mixer moisture mortar motion
   motor muffle narrow neutral night nozzle offset orchard outdoor outer outlet oven overload panel
   parcel passage patio pause peak pedal phase pilot pivot plane plaster plate pocket polar porch
   portal power presence pressure primer probe pulse pump quarter quota radiator rafter rain ramp
   range rate ratio reading recent record reflex relay reserve reset retry rhythm ripple river rotor
   route rubber sample scene season second secure segment sender sensor setpoint shade shaft shelf
   shower shutter signal silver siren sleep slope smoke snow socket solar sound source span spare
   spindle spring stage stair standby state steam storm stove stream summer supply surface switch
   tablet tank target thermal threshold timber timer torque tower trace travel trigger tunnel twilight
   upper usage vacuum valve vapour vent vessel volume wall warm warning washer watch water wedge
   weight wheel window winter wire yard yellow zenith zone`.split(/\s+/);

/**
 * The parts of a source that can be told apart without parsing it, in order of precedence:
 * long comment, comment, long string, quoted strings, name, numeral. What matches none of them
 * (spaces, operators) stays as it is. Long brackets of the example have level 0.
 */
const TOKEN =
  /--\[\[[\s\S]*?\]\]|--[^\n]*|\[\[[\s\S]*?\]\]|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|[A-Za-z_]\w*|\d\w*/g;

/** A word of a text: long enough to mean something, and no part of an escape or a directive. */
const WORD = /(?<![\\%\w])[a-z]{4,}(?!\w)/g;

/**
 * @param minimumBytes the size to reach; whole copies of the example are made until it is
 * @returns the example itself first, then its copies
 */
export function corpus(minimumBytes = DEFAULT_BYTES): CorpusFile[] {
  const originals = readExample();
  const files = [...originals];
  let bytes = sizeOf(originals);
  for (let copy = 1; bytes < minimumBytes; copy++) {
    const renamed = copyOf(originals, copy);
    files.push(...renamed);
    bytes += sizeOf(renamed);
  }
  return files;
}

function readExample(): CorpusFile[] {
  return readdirSync(EXAMPLE)
    .filter((name) => name.endsWith(".lua"))
    .sort()
    .map((name) => ({ name, source: new Uint8Array(readFileSync(join(EXAMPLE, name))) }));
}

function sizeOf(files: readonly CorpusFile[]): number {
  return files.reduce((sum, { source }) => sum + source.length, 0);
}

/** All modules once more. One vocabulary serves the whole copy, as in one program. */
function copyOf(originals: readonly CorpusFile[], copy: number): CorpusFile[] {
  const vocabulary = new Vocabulary(copy);
  return originals.map(({ name, source }) => {
    const text = new TextDecoder().decode(source);
    const rewritten = text.replace(TOKEN, (token) => rewrite(token, vocabulary));
    return {
      name: `${vocabulary.identifier(name.slice(0, -4))}_${copy}.lua`,
      source: new TextEncoder().encode(rewritten),
    };
  });
}

function rewrite(token: string, vocabulary: Vocabulary): string {
  if (/^[A-Za-z_]/.test(token)) return vocabulary.identifier(token);
  if (/^\d/.test(token)) return vocabulary.numeral(token);
  return token.replace(WORD, (word) => vocabulary.word(word));
}

/** What the names, words and numbers of the example are called in one copy. */
class Vocabulary {
  private readonly chance: () => number;
  private readonly identifiers = new Map<string, string>();
  private readonly words = new Map<string, string>();
  private readonly taken = new Set(FIXED_NAMES);

  constructor(seed: number) {
    this.chance = pseudoRandom(seed);
  }

  /** Another name in the style of the old one; the same one every time, and no other's. */
  identifier(old: string): string {
    if (FIXED_NAMES.has(old)) return old;
    const known = this.identifiers.get(old);
    if (known !== undefined) return known;
    let name = this.inStyleOf(old);
    while (this.taken.has(name)) name += `_${this.pick()}`;
    this.taken.add(name);
    this.identifiers.set(old, name);
    return name;
  }

  /** Another word. Texts of a program repeat themselves, so this, too, is always the same one. */
  word(old: string): string {
    if (FIXED_NAMES.has(old)) return old;
    const word = this.words.get(old) ?? this.pick();
    this.words.set(old, word);
    return word;
  }

  /**
   * Another number of about the same size: 0 to 9 stay, since they are counts and positions, larger
   * ones grow by less than half. Only whole decimal numbers; they fit 32 bits on every target.
   */
  numeral(old: string): string {
    const value = Number(old);
    if (!/^\d+$/.test(old) || value < 10) return old;
    return String(value + Math.floor((this.chance() * value) / 2));
  }

  private inStyleOf(old: string): string {
    const parts = old.length < 3 ? [this.pick().slice(0, 2)] : this.severalFor(old);
    const name = parts.join("_");
    return /^[A-Z_0-9]+$/.test(old) ? name.toUpperCase() : name;
  }

  /** As many words as the old name has, three at most. */
  private severalFor(old: string): string[] {
    const count = Math.min(old.split("_").filter(Boolean).length, 3);
    return Array.from({ length: Math.max(count, 1) }, () => this.pick());
  }

  private pick(): string {
    return WORDS[Math.floor(this.chance() * WORDS.length)];
  }
}

/** A generator of numbers from 0 to below 1 (a linear congruential one; quality hardly matters). */
function pseudoRandom(seed: number): () => number {
  let state = Math.imul(seed, 0x9e3779b1) >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 0x1_0000_0000;
  };
}
