/** What `luacross inspect` tells of an image. */
import { type ModuleSizes, SIZE_PARTS } from "../../image/sizes.ts";
import { countsOf, type Finding, namesOf, partTable } from "./findings.ts";
import { type Column, facts, type Style, shortened, shown, table } from "./page.ts";
import { bytes, counted, dateTime, grouped, hex, percent } from "./quantities.ts";
import type { Subject } from "./subjects.ts";

export function inspectImage(subject: Subject): Finding {
  const { image, name } = subject;
  const sizes = subject.measure();
  const modules = sizes.modules.map((module, i) => describeModule(subject, module, i));
  const remarks = remarksOf(subject);
  const heading = `${image.kind} LFS image, ${image.targets[0].dialect.title}`;
  return {
    json: { ...factsForPrograms(subject), modules, parts: sizes.parts, remarks },
    page: (style) =>
      [
        `${style.strong(name)}: ${heading}\n`,
        factsForPeople(subject, style),
        ...remarks.map((remark) => `  ${style.bad(`! ${remark}`)}\n`),
        `\n${moduleTable(modules, style)}`,
        `\n${partTable(
          SIZE_PARTS.map((part) => [part, sizes.parts[part]]),
          style,
        )}`,
      ].join(""),
  };
}

function factsForPrograms({ image, name, fileSize }: Subject): object {
  const { kind, targets, base, header, time } = image;
  return {
    file: name,
    kind: `${kind} image`,
    lua: targets[0].dialect.title,
    targets: targets.map((target) => target.name),
    fileBytes: fileSize,
    flashBytes: header.size,
    base: kind === "absolute" ? base : null,
    signature: header.signature,
    time: time ?? null,
    seed: header.seed ?? null,
    ...countsOf(image.main),
    strings: image.strings.length,
  };
}

function factsForPeople({ image, fileSize }: Subject, style: Style): string {
  const { kind, base, header, time } = image;
  const { functions, instructions } = countsOf(image.main);
  const holds = [
    counted(image.modules.length, "module"),
    counted(functions, "function"),
    counted(instructions, "instruction"),
    counted(image.strings.length, "string"),
  ];
  const where = kind === "absolute" ? `at ${hex(base)}` : "wherever the region is";
  const packed = `${bytes(fileSize)}, ${percent(fileSize, header.size)} % of that`;
  return facts(
    [
      ["for", namesOf(image.targets)],
      ["built", time === undefined ? undefined : (dateTime(time) ?? String(time))],
      ["seed", header.seed === undefined ? undefined : hex(header.seed)],
      ["in flash", `${bytes(header.size)}, ${where}`],
      ["file", kind === "compact" ? packed : undefined],
      ["holds", holds.join(", ")],
    ],
    style,
  );
}

/** What is worth knowing before such an image is used. */
function remarksOf({ image, fileSize, isTooShort }: Subject): string[] {
  const { badCode, refusedCopy, extraBytes } = image;
  const remarks: string[] = [];
  if (badCode) {
    remarks.push(`code that must not run, at offset ${badCode.offset}: ${badCode.reason}`);
  }
  if (refusedCopy) {
    const { position, distance } = refusedCopy;
    const copy = `it copies from ${distance} bytes back after ${position}`;
    remarks.push(refusedText(copy));
  }
  if (isTooShort) remarks.push(refusedText(`${bytes(fileSize)} are too few for them`));
  if (extraBytes > 0) remarks.push(`${bytes(extraBytes)} behind the image do not belong to it`);
  return remarks;
}

function refusedText(reason: string): string {
  return `devices refuse this file (${reason}); 'luacross convert --compact' mends it`;
}

interface ModuleLine {
  readonly name: string;
  readonly bytes: number;
  readonly functions: number;
  readonly source: string;
}

function describeModule({ image }: Subject, { name, total }: ModuleSizes, i: number): ModuleLine {
  const proto = image.modules[i]?.proto ?? image.main;
  return {
    name: shown(name),
    bytes: total,
    functions: countsOf(proto).functions,
    source: shown(proto.source.slice(1)),
  };
}

const MODULE_COLUMNS: readonly Column[] = [
  { title: "module", align: "left" },
  { title: "bytes", align: "right" },
  { title: "functions", align: "right" },
  { title: "source", align: "left" },
];

function moduleTable(modules: readonly ModuleLine[], style: Style): string {
  const rows = modules.map(({ name, bytes: size, functions, source }) => {
    // The usual name of a source says nothing new.
    const from = source === `${name}.lua` ? "" : shortened(source, 32, "left");
    return { cells: [shortened(name, 28), grouped(size), grouped(functions), from] };
  });
  const hasSources = rows.some(({ cells }) => cells[3] !== "");
  const columns = hasSources ? MODULE_COLUMNS : MODULE_COLUMNS.slice(0, 3);
  return table(columns, rows, style);
}
