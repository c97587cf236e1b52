/**
 * A short fuzzing run, and proof that a longer one would notice: mistakes are planted in the
 * library, and each must be found and shown by a small input.
 */
import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { CompileError } from "../../src/base/errors.ts";
import { fromBytes, type LuaString, toBytes } from "../../src/base/lua-string.ts";
import { opcodeOf } from "../../src/bytecode/instruction.ts";
import { OPCODES_51, Op51 } from "../../src/bytecode/opcodes51.ts";
import { OPCODES_53, Op53 } from "../../src/bytecode/opcodes53.ts";
import type { Proto } from "../../src/bytecode/proto.ts";
import { LUA51, LUA53 } from "../../src/target/dialect.ts";
import { findTarget, SUPPORTED_TARGETS } from "../../src/target/targets.ts";
import { type Toolchain, toolchainFor } from "../../src/toolchain.ts";
import { type CampaignResult, runCampaign } from "./campaign.ts";
import { findingText, loadFinding, retryFinding, saveFinding } from "./findings.ts";
import { groupTargets } from "./group.ts";
import { LibraryOracle } from "./library-oracle.ts";
import { minimiseSource } from "./minimise.ts";
import { Reference } from "./reference.ts";
import { maskAddresses, type View } from "./result.ts";
import { isMadeFor, KINDS, type Kind, makeSample } from "./sample.ts";
import { Subject } from "./subject.ts";
import { splitLines, splitTokens } from "./tokens.ts";

const targets = SUPPORTED_TARGETS.filter((target) => target.dialect === LUA51);
const modernTargets = SUPPORTED_TARGETS.filter((target) => target.dialect === LUA53);
const target = findTarget("esp8266-lua51-float");
const toolchain = toolchainFor(target);
/** Each Lua version with its opcodes, less those that only enormous programs have. */
const VERSIONS = [
  { targets, opcodes: OPCODES_51.map(({ name }, op) => ({ name, op })) },
  {
    targets: modernTargets,
    opcodes: OPCODES_53.map(({ name }, op) => ({ name, op })).filter(
      ({ op }) => op !== Op53.LOADKX && op !== Op53.EXTRAARG,
    ),
  },
];

/** Adds up the opcodes of a function and those within it. */
function countOpcodes(proto: Proto, counts: Map<number, number>): void {
  for (const word of proto.code) {
    counts.set(opcodeOf(word), (counts.get(opcodeOf(word)) ?? 0) + 1);
  }
  for (const nested of proto.protos) countOpcodes(nested, counts);
}

describe("the generator", () => {
  it("makes the same sample of the same seed, and others of others", () => {
    for (const kind of KINDS) {
      const once = makeSample(kind, "7-1", target, toolchain);
      expect(makeSample(kind, "7-1", target, toolchain)).toEqual(once);
      expect(makeSample(kind, "7-2", target, toolchain).bytes).not.toEqual(once.bytes);
    }
  });

  const members = VERSIONS.flatMap(({ targets: all, opcodes }) =>
    groupTargets(all).map(([member]) => ({ name: member.name, member, opcodes })),
  );
  it.each(members)(
    "makes programs for $name that compile, with every opcode in them",
    ({ member, opcodes }) => {
      const subject = new Subject(member, toolchainFor(member));
      const counts = new Map<number, number>();
      const messages: string[] = [];
      for (let i = 0; i < 150; i++) {
        const sample = makeSample("valid", `opcodes-${i}`, member, toolchain);
        const outcome = subject.load(sample.bytes, "valid.lua");
        if (outcome.kind === "loaded") countOpcodes(outcome.proto, counts);
        else messages.push(outcome.kind === "refused" ? outcome.error.message : outcome.reason);
      }
      expect(messages.length, messages.join("\n")).toBeLessThanOrEqual(4);
      for (const { name, op } of opcodes) expect(counts.get(op), name).toBeGreaterThan(3);
    },
  );

  it.each(["esp8266-lua51-float", "esp8266-lua53"])(
    "damages programs for %s so that most, but not all, are refused, in many words",
    (name) => {
      const member = findTarget(name);
      const subject = new Subject(member, toolchainFor(member));
      const words = new Set<string>();
      let refused = 0;
      for (let i = 0; i < 300; i++) {
        const { bytes } = makeSample("mutant", `m-${i}`, member, toolchain);
        const outcome = subject.load(bytes, "m.lua");
        if (outcome.kind !== "refused") continue;
        refused++;
        words.add(outcome.error.message.replace(/^.*?:\d+: |'.*'| near.*| at line.*|\d+/gs, ""));
      }
      expect(refused).toBeGreaterThan(180);
      expect(refused).toBeLessThan(290);
      expect([...words].length, [...words].join("\n")).toBeGreaterThan(12);
    },
  );
});

describe("a short run", () => {
  const runs = VERSIONS.flatMap(({ targets: all }) =>
    KINDS.filter((kind) => isMadeFor(kind, all[0])).map((kind) => ({ all, kind, of: all[0].name })),
  );
  it.each(runs)("finds nothing in samples of kind $kind, for $of and others", ({ all, kind }) => {
    const { findings, tallies } = runCampaign({
      seed: "test",
      count: 60,
      kinds: [kind],
      targets: all,
      toolchain: toolchainFor(all[0]),
    });
    expect(findings).toEqual([]);
    expect(tallies.map((tally) => tally.examined)).toEqual(all.map(() => 60));
  });
});

/** Runs a campaign on a library with a mistake in it; the sound one is the oracle. */
function runPlanted(kind: Kind, planted: Partial<Toolchain>, view: View = "plain"): CampaignResult {
  return runCampaign({
    seed: "planted",
    count: 40,
    keep: 2,
    view,
    kinds: [kind],
    targets: [target],
    toolchain: { ...toolchain, ...planted },
    oracleFor: (member, folder) => new LibraryOracle(new Subject(member, toolchain), folder),
  });
}

/** True when the function or one within it has such an instruction. */
function contains(proto: Proto, op: Op51): boolean {
  return (
    proto.code.some((word) => opcodeOf(word) === op) || proto.protos.some((p) => contains(p, op))
  );
}

function inputsOf({ findings }: CampaignResult): LuaString[] {
  return findings.map((finding) => fromBytes(finding.input));
}

/** A mistake in the words of some messages. */
const ENDLESS: Partial<Toolchain> = {
  compile(source, options) {
    try {
      return toolchain.compile(source, options);
    } catch (error) {
      if (!(error instanceof CompileError)) throw error;
      const words = error.message.replace("unfinished", "endless");
      throw new CompileError(error.code, words, error.place);
    }
  },
};

describe("the net", () => {
  it.each(KINDS)("is silent when there is nothing to catch: %s", (kind) => {
    const { findings, tallies } = runPlanted(kind, {});
    expect(findings).toEqual([]);
    expect(tallies[0]).toMatchObject({ examined: 40, differed: 0, crashed: 0 });
    expect(tallies[0].compared).toBeGreaterThan(30);
  });

  it("catches bytes that differ, and shows a program of a few tokens", () => {
    const result = runPlanted("valid", {
      compile(source, options) {
        const proto = toolchain.compile(source, options);
        return contains(proto, Op51.TFORLOOP) ? { ...proto, maxStackSize: 200 } : proto;
      },
    });
    expect(result.tallies[0].differed).toBeGreaterThan(3);
    expect(result.findings[0]).toMatchObject({ kind: "valid", target: target.name });
    for (const input of inputsOf(result)) {
      expect(input).toMatch(/for\s.*in/s);
      expect(input.length).toBeLessThan(50);
    }
  });

  it("catches a message that differs", () => {
    const result = runPlanted("mutant", ENDLESS);
    expect(result.findings.length).toBeGreaterThan(0);
    expect(result.findings[0].ours.text).toContain("endless");
    expect(result.findings[0].theirs?.text).toContain("unfinished");
    expect(result.findings[0].input.length).toBeLessThan(20);
  });

  it("catches a program that is wrongly refused, and one that is wrongly accepted", () => {
    const refusing = runPlanted("valid", {
      compile(source, options) {
        if (!fromBytes(source).includes("repeat")) return toolchain.compile(source, options);
        throw new CompileError("syntax", `${options.chunkName.slice(1)}:1: no`, {
          line: 1,
          offset: 0,
        });
      },
    });
    expect(inputsOf(refusing)).toContain("repeat");
    const accepting = runPlanted("mutant", {
      compile(source, options) {
        try {
          return toolchain.compile(source, options);
        } catch {
          return toolchain.compile(new Uint8Array(0), options);
        }
      },
    });
    expect(accepting.tallies[0].differed).toBeGreaterThan(10);
  });

  it("catches a crash, state that leaks, and files that do not survive", () => {
    const crashing = runPlanted("valid", {
      compile(source, options) {
        if (fromBytes(source).includes("while")) throw new TypeError("planted");
        return toolchain.compile(source, options);
      },
    });
    expect(crashing.findings[0].ours.text).toMatch(/^crash: TypeError: planted/);
    expect(inputsOf(crashing)).toContain("while");
    let compiles = 0;
    const leaking = runPlanted("valid", {
      compile: (source, options) => ({
        ...toolchain.compile(source, options),
        lastLineDefined: compiles++,
      }),
    });
    expect(leaking.findings.map((finding) => finding.ours.text)).toContain(
      "a second compile differs from the first",
    );
    const losing = runPlanted("binary", {
      decode: (chunk, options) => ({ ...toolchain.decode(chunk, options), lastLineDefined: 7 }),
    });
    expect(losing.tallies[0].differed).toBeGreaterThan(3);
  });

  it("catches what differs in Lua 5.3", () => {
    const member = modernTargets[0];
    const sound = toolchainFor(member);
    const { findings, tallies } = runCampaign({
      seed: "planted",
      count: 40,
      keep: 2,
      view: "plain",
      kinds: ["valid"],
      targets: [member],
      toolchain: {
        ...sound,
        compile(source, options) {
          const proto = sound.compile(source, options);
          return fromBytes(source).includes("//") ? { ...proto, maxStackSize: 200 } : proto;
        },
      },
      oracleFor: (_, folder) => new LibraryOracle(new Subject(member, sound), folder),
    });
    expect(tallies[0].differed).toBeGreaterThan(3);
    expect(fromBytes(findings[0].input)).toContain("//");
    expect(findings[0].input.length).toBeLessThan(50);
  });

  it("catches a listing that differs", () => {
    const { findings } = runPlanted(
      "valid",
      { list: (proto, options) => toolchain.list(proto, options).replace("CLOSURE", "CLOSING") },
      "listing",
    );
    expect(findings[0]).toMatchObject({ aspect: "listing" });
    expect(findingText(findings[0])).toMatch(/ours: .*CLOSING.*\n.*theirs: .*CLOSURE/);
  });
});

/** Findings of earlier campaigns. */
const FOUND = fileURLToPath(new URL("found", import.meta.url));

describe("what was found before", () => {
  const inputs = readdirSync(FOUND).filter((name) => !name.endsWith(".json"));

  it.each(inputs)("stays right: %s", (name) => {
    const finding = loadFinding(join(FOUND, name));
    const subject = new Subject(findTarget(finding.target), toolchain);
    expect(retryFinding(finding, subject)).toBeUndefined();
  });

  it("is kept in a form that can be tried again", () => {
    const folder = mkdtempSync(join(tmpdir(), "luacross-found-"));
    try {
      const [finding] = runPlanted("mutant", ENDLESS).findings;
      const kept = loadFinding(saveFinding(finding, folder));
      expect(fromBytes(kept.input)).toBe(fromBytes(finding.input));
      expect(retryFinding(kept, new Subject(target, toolchain))).toBeUndefined();
      const wrong = new Subject(target, { ...toolchain, ...ENDLESS });
      expect(retryFinding(kept, wrong)).toContain("endless");
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe("the parts", () => {
  it("makes a failing input as small as it can be", () => {
    const text = "local a = 1\nlocal b = function() return needle end\r\nif a then thread() end\n";
    const fails = (input: Uint8Array) => /needle.*thread/s.test(fromBytes(input));
    expect(fromBytes(minimiseSource(toBytes(text), fails))).toBe("needlethread");
  });

  it("cuts any text into pieces without losing a byte", () => {
    for (let i = 0; i < 50; i++) {
      const text = fromBytes(makeSample("mutant", `cut-${i}`, target, toolchain).bytes);
      expect(splitTokens(text).join("")).toBe(text);
      expect(splitLines(text).join("")).toBe(text);
    }
  });

  it("masks addresses in listings, and only these", () => {
    const listing =
      "main <x:0,0> (2 instructions, 8 bytes at 0x55d0)\n\t1\t[1]\tCLOSURE  \t0 0\t; 0x66\n\t2\t[1]\tLOADK    \t0 -1\t; 0x77\nconstants (1) for 0x55d0:\n";
    expect(maskAddresses(listing)).toBe(listing.replaceAll("0x55d0", "#1").replace("0x66", "#2"));
  });

  it("understands what a reference executable says", () => {
    const folder = mkdtempSync(join(tmpdir(), "luacross-oracle-"));
    try {
      const executable = join(folder, "oracle");
      const script = `case "$*" in *-e*) printf '4\\nno 10\\n3\\nno!' > answers;; *bad*) echo "$0: bad:1: no" >&2; exit 1;; *die*) kill -11 $$;; *-l*) echo listing;; *) printf lc > out.lc;; esac`;
      writeFileSync(executable, `#!/bin/sh\n${script}\n`);
      chmodSync(executable, 0o755);
      const reference = new Reference(executable, folder);
      expect(reference.compile(["bad.lua"], [])).toMatchObject({
        status: 1,
        message: "bad:1: no",
        output: undefined,
      });
      expect(reference.compile(["die.lua"], [])).toMatchObject({ status: null });
      expect(fromBytes(reference.compile(["good.lua"], ["-s"]).output!)).toBe("lc");
      expect(reference.list(["good.lua"]).stdout).toBe("listing\n");
      expect(reference.messages(["a", "b", "c"])).toEqual(["no 1", "", "no!"]);
      expect(() => new Reference(join(folder, "absent"), folder)).toThrow();
      // One that cannot run scripts is asked of each file.
      writeFileSync(executable, `#!/bin/sh\n${script.replace("*-e*)", "*-e*) exit 1;; *-f*)")}\n`);
      const simple = new Reference(executable, folder);
      rmSync(join(folder, "answers"));
      expect(simple.messages(["good", "bad"])).toEqual(["", "bad:1: no"]);
      expect(simple.messages(["good", "die"])).toBeUndefined();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
