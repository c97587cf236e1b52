/**
 * The types that users of the library depend on, written out. This file is never run: `npm run
 * check` refuses it as soon as a public type is no longer exactly what stands here.
 */
import type * as luacross from "../../src/index.ts";

/** True when two types are the same in every way that a program could notice. */
type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Does not compile for false. */
type Assert<T extends true> = T;

type TargetChoice = luacross.TargetRow | string;

/** One line for each name that the library exports. */
export type Surface = [
  // Functions
  Assert<
    Same<
      typeof luacross.compile,
      (source: Uint8Array | string, options?: luacross.CompileOptions) => luacross.Proto
    >
  >,
  Assert<
    Same<
      typeof luacross.encode,
      (proto: luacross.Proto, options?: luacross.EncodeOptions) => Uint8Array
    >
  >,
  Assert<
    Same<
      typeof luacross.decode,
      (chunk: Uint8Array, options?: luacross.DecodeOptions) => luacross.Proto
    >
  >,
  Assert<
    Same<typeof luacross.verify, (proto: luacross.Proto, options?: luacross.TargetOption) => void>
  >,
  Assert<
    Same<typeof luacross.list, (proto: luacross.Proto, options?: luacross.ListOptions) => string>
  >,
  Assert<
    Same<
      typeof luacross.measureRam,
      (input: Uint8Array | string, options?: luacross.CompileOptions) => luacross.RamUse
    >
  >,
  Assert<
    Same<
      typeof luacross.createBoard,
      (options?: luacross.CreateBoardOptions) => luacross.SimulatedBoard
    >
  >,
  Assert<Same<typeof luacross.results, (...values: readonly luacross.MockValue[]) => unknown>>,
  Assert<
    Same<
      luacross.CreateBoardOptions,
      {
        readonly target?: TargetChoice | undefined;
        readonly program?: string | Uint8Array | undefined;
        readonly programName?: string | undefined;
        readonly files?: Readonly<Record<string, string | Uint8Array>> | undefined;
        readonly lfs?: Uint8Array | undefined;
        readonly heap?: number | undefined;
        readonly mocks?: Readonly<Record<string, luacross.Mock>> | undefined;
        readonly onOutput?: ((text: string) => void) | undefined;
        readonly onError?: ((message: string) => void) | undefined;
        readonly steps?: number | undefined;
      }
    >
  >,
  Assert<
    Same<
      Omit<luacross.SimulatedBoard, "target">,
      {
        readonly now: number;
        readonly restarts: number;
        readonly status: luacross.BoardStatus;
        readonly memory: { readonly used: number; readonly free: number } | undefined;
        readonly pinWrites: readonly luacross.PinWrite[];
        readonly fileNames: readonly string[];
        powerOn(): void;
        run(milliseconds?: number): luacross.BoardStatus;
        send(text: string): void;
        setPin(pin: number, level: 0 | 1): void;
        readFile(name: string): Uint8Array | undefined;
        writeFile(name: string, content: string | Uint8Array): void;
      }
    >
  >,
  Assert<
    Same<
      luacross.BoardStatus,
      | { readonly kind: "busy" }
      | { readonly kind: "waiting"; readonly milliseconds: number }
      | { readonly kind: "idle" }
      | { readonly kind: "asleep" }
      | {
          readonly kind: "stopped";
          readonly reason: "steps" | "crash";
          readonly message: string;
        }
    >
  >,
  Assert<
    Same<luacross.PinWrite, { readonly time: number; readonly pin: number; readonly level: 0 | 1 }>
  >,
  Assert<
    Same<
      luacross.Mock,
      luacross.MockObject | ((board: luacross.MockBoard) => luacross.MockObject) | luacross.LuaMock
    >
  >,
  Assert<
    Same<
      luacross.RamUse,
      {
        readonly source: number | null;
        readonly lc: number;
        readonly stripped: number;
        readonly lfs: number;
        readonly compilePeak: number | null;
      }
    >
  >,
  Assert<
    Same<
      typeof luacross.buildImage,
      (
        modules: readonly (luacross.Proto | luacross.NamedSource)[],
        options?: luacross.BuildImageOptions,
      ) => luacross.ImageBuild
    >
  >,
  Assert<Same<typeof luacross.moduleName, (chunkName: string) => string>>,
  Assert<Same<typeof luacross.findTarget, (name: string) => luacross.Target>>,
  Assert<
    Same<
      typeof luacross.chunkKind,
      (bytes: Uint8Array, origin?: "file" | "stdin") => luacross.ChunkKind
    >
  >,
  Assert<Same<typeof luacross.decodeLines, (info: Uint8Array, count: number) => Int32Array>>,
  Assert<Same<typeof luacross.fromText, (text: string) => string>>,
  Assert<Same<typeof luacross.toText, (text: string) => string>>,
  Assert<
    Same<typeof luacross.fromBytes, (bytes: Uint8Array, start?: number, end?: number) => string>
  >,
  Assert<Same<typeof luacross.toBytes, (text: string) => Uint8Array>>,
  Assert<
    Same<
      typeof luacross.readImage,
      (image: Uint8Array, options?: luacross.ReadImageOptions) => luacross.FlashImage
    >
  >,
  Assert<
    Same<
      typeof luacross.convertImage,
      (image: Uint8Array, options?: luacross.ConvertOptions) => Uint8Array
    >
  >,
  Assert<
    Same<
      typeof luacross.verifyImage,
      (image: Uint8Array, options?: luacross.VerifyImageOptions) => luacross.Verification
    >
  >,
  Assert<
    Same<
      typeof luacross.powerCuts,
      (image: Uint8Array, options?: luacross.VerifyImageOptions) => luacross.PowerCutReport
    >
  >,
  Assert<Same<typeof luacross.measureImage, (image: Uint8Array) => luacross.ImageSizes>>,
  Assert<
    Same<
      typeof luacross.compareSizes,
      (before: luacross.ImageSizes, after: luacross.ImageSizes) => luacross.ImageChange
    >
  >,
  // Values
  Assert<Same<typeof luacross.targets, readonly luacross.TargetRow[]>>,
  Assert<Same<typeof luacross.DEFAULT_TARGET_NAME, "esp8266-lua51-float">>,
  // Options
  Assert<Same<luacross.TargetChoice, TargetChoice>>,
  Assert<Same<luacross.TargetOption, { readonly target?: TargetChoice | undefined }>>,
  Assert<
    Same<
      luacross.CompileOptions,
      { readonly target?: TargetChoice | undefined; readonly chunkName?: string | undefined }
    >
  >,
  Assert<
    Same<
      luacross.EncodeOptions,
      { readonly target?: TargetChoice | undefined; readonly strip?: boolean | undefined }
    >
  >,
  Assert<
    Same<
      luacross.DecodeOptions,
      { readonly target?: TargetChoice | undefined; readonly chunkName?: string | undefined }
    >
  >,
  Assert<
    Same<
      luacross.ListOptions,
      { readonly target?: TargetChoice | undefined; readonly full?: boolean | undefined }
    >
  >,
  Assert<
    Same<
      luacross.BuildImageOptions,
      {
        readonly target?: TargetChoice | undefined;
        readonly timestamp?: number | undefined;
        readonly address?: number | undefined;
        readonly limit?: number | undefined;
        readonly strip?: boolean | undefined;
        readonly compress?: luacross.CompressionName | undefined;
        readonly exact?: boolean | undefined;
        readonly manyModules?: boolean | undefined;
        readonly seed?: number | undefined;
      }
    >
  >,
  Assert<Same<luacross.CompressionName, "best" | "reference">>,
  Assert<
    Same<luacross.NamedSource, { readonly name: string; readonly source: Uint8Array | string }>
  >,
  Assert<
    Same<
      luacross.ConvertOptions,
      {
        readonly address?: number | undefined;
        readonly target?: TargetChoice | undefined;
      }
    >
  >,
  Assert<Same<luacross.ReadImageOptions, { readonly allowBadCode?: boolean | undefined }>>,
  Assert<
    Same<
      luacross.VerifyImageOptions,
      {
        readonly target?: TargetChoice | undefined;
        readonly regionSize?: number | undefined;
        readonly address?: number | undefined;
      }
    >
  >,
  // Data
  Assert<
    Same<
      luacross.ImageBuild,
      {
        readonly bytes: Uint8Array;
        readonly size: number;
        readonly fullSize: number;
        readonly loads: boolean;
        readonly replaced: boolean;
        readonly refusal: string | undefined;
        readonly warnings: readonly string[];
      }
    >
  >,
  Assert<Same<luacross.ModuleSize, { readonly name: string; readonly size: number }>>,
  Assert<
    Same<
      luacross.Proto,
      {
        readonly source: string;
        readonly lineDefined: number;
        readonly lastLineDefined: number;
        readonly upvalueCount: number;
        readonly upvalueSources: readonly luacross.UpvalueSource[];
        readonly parameterCount: number;
        readonly varargFlags: number;
        readonly maxStackSize: number;
        readonly code: Int32Array;
        readonly constants: readonly luacross.Constant[];
        readonly protos: readonly luacross.Proto[];
        readonly lineInfo: Uint8Array;
        readonly locals: readonly luacross.LocalVariable[];
        readonly upvalueNames: readonly (string | null)[];
      }
    >
  >,
  Assert<
    Same<
      luacross.LocalVariable,
      { readonly name: string | null; readonly startPc: number; readonly endPc: number }
    >
  >,
  Assert<Same<luacross.Constant, null | boolean | number | bigint | luacross.LuaFloat | string>>,
  Assert<Same<luacross.LuaNumber, number | bigint | luacross.LuaFloat>>,
  Assert<Same<luacross.LuaString, string>>,
  Assert<Same<luacross.ChunkKind, "source" | "lc51" | "lc53" | "image" | "binary">>,
  Assert<
    Same<
      Omit<
        luacross.TargetRow,
        | "board"
        | "node"
        | "dialect"
        | "numbers"
        | "wire"
        | "image"
        | "loader"
        | "loader53"
        | "memory"
        | "runtime"
        | "libraries"
        | "firmwareNames"
        | "commandLine"
      >,
      {
        readonly name: string;
        readonly firmware: string;
        readonly numbersInWords: string;
        readonly settings: string;
        readonly supported: boolean;
      }
    >
  >,
  Assert<
    Same<
      Pick<luacross.TargetRow["dialect"], "name" | "title">,
      { readonly name: "lua51" | "lua53"; readonly title: string }
    >
  >,
  Assert<Same<Omit<luacross.Target, "supported">, Omit<luacross.TargetRow, "supported">>>,
  Assert<Same<luacross.Target["supported"], true>>,
  Assert<
    Same<
      Pick<luacross.Target["numbers"], "name" | "integral" | "size">,
      { readonly name: string; readonly integral: boolean; readonly size: 4 | 8 }
    >
  >,
  // Images
  Assert<
    Same<
      luacross.FlashImage,
      {
        readonly kind: "compact" | "absolute";
        readonly targets: readonly luacross.Target[];
        readonly base: number;
        readonly header: luacross.ImageHeader;
        readonly strings: readonly { readonly text: string }[];
        readonly main: luacross.Proto;
        readonly modules: readonly luacross.ImageModule[];
        readonly time: number | undefined;
        readonly parts: Readonly<Record<string, number>>;
        readonly badCode: luacross.BadCode | undefined;
        readonly refusedCopy: luacross.RefusedCopy | undefined;
        readonly extraBytes: number;
      }
    >
  >,
  Assert<
    Same<
      luacross.ImageHeader,
      { readonly signature: number; readonly size: number; readonly seed?: number | undefined }
    >
  >,
  Assert<Same<luacross.ImageModule, { readonly name: string; readonly proto: luacross.Proto }>>,
  Assert<Same<luacross.BadCode, { readonly offset: number; readonly reason: string }>>,
  Assert<Same<luacross.RefusedCopy, { readonly position: number; readonly distance: number }>>,
  Assert<
    Same<
      luacross.Verification,
      {
        readonly way: "load" | "flash";
        readonly target: luacross.Target;
        readonly region: luacross.LfsRegion;
        readonly checks: readonly luacross.Check[];
        readonly beyond: readonly luacross.Check[];
        readonly accepted: boolean;
        readonly sound: boolean;
        readonly message: string | undefined;
        readonly stuck: boolean;
        readonly hazards: readonly string[];
        readonly warnings: readonly string[];
        readonly peakMemory: number;
      }
    >
  >,
  Assert<
    Same<
      luacross.LfsRegion,
      {
        readonly offset: number;
        readonly size: number;
        readonly mapped: number;
        readonly embedded?: boolean;
      }
    >
  >,
  Assert<
    Same<
      luacross.Check,
      {
        readonly name: string;
        readonly title: string;
        readonly outcome: "passed" | "failed" | "not reached";
        readonly message?: string;
        readonly detail?: string;
      }
    >
  >,
  Assert<
    Same<
      luacross.PowerCutReport,
      { readonly operations: number; readonly ranges: readonly luacross.CutOutcome[] }
    >
  >,
  Assert<
    Same<
      luacross.CutOutcome,
      {
        readonly first: number;
        readonly last: number;
        readonly from: luacross.FlashOperation | undefined;
        readonly to: luacross.FlashOperation | undefined;
        readonly holds: "old" | "new" | "neither";
        readonly boot: luacross.BootOutcome;
      }
    >
  >,
  Assert<
    Same<
      luacross.FlashOperation,
      | { readonly kind: "erase"; readonly sector: number }
      | { readonly kind: "program"; readonly offset: number; readonly word: number }
    >
  >,
  Assert<
    Same<
      luacross.BootOutcome,
      {
        readonly state: "no region" | "empty" | "refused" | "broken" | "loaded";
        readonly message?: string;
      }
    >
  >,
  Assert<
    Same<luacross.SizePart, "code" | "constants" | "strings" | "line info" | "names" | "structure">
  >,
  Assert<Same<luacross.PartSizes, Readonly<Record<luacross.SizePart, number>>>>,
  Assert<
    Same<
      luacross.ImageSizes,
      {
        readonly total: number;
        readonly parts: luacross.PartSizes;
        readonly modules: readonly luacross.ModuleSizes[];
        readonly shared: luacross.PartSizes;
        readonly index: luacross.PartSizes;
      }
    >
  >,
  Assert<
    Same<
      luacross.ModuleSizes,
      {
        readonly name: string;
        readonly total: number;
        readonly parts: luacross.PartSizes;
        readonly shared: luacross.PartSizes;
        readonly main: luacross.FunctionSizes;
      }
    >
  >,
  Assert<
    Same<
      luacross.FunctionSizes,
      {
        readonly name: string | undefined;
        readonly line: number;
        readonly lastLine: number;
        readonly total: number;
        readonly own: luacross.PartSizes;
        readonly functions: readonly luacross.FunctionSizes[];
      }
    >
  >,
  Assert<Same<luacross.SizeChange, { readonly before: number; readonly after: number }>>,
  Assert<Same<luacross.PartChanges, Readonly<Record<luacross.SizePart, luacross.SizeChange>>>>,
  Assert<
    Same<
      Changed<luacross.ImageChange>,
      {
        readonly parts: luacross.PartChanges;
        readonly modules: readonly luacross.ModuleChange[];
        readonly shared: luacross.SizeChange;
        readonly index: luacross.SizeChange;
      }
    >
  >,
  Assert<
    Same<
      Changed<luacross.ModuleChange>,
      {
        readonly name: string;
        readonly only: "before" | "after" | undefined;
        readonly parts: luacross.PartChanges;
        readonly functions: readonly luacross.FunctionChange[];
      }
    >
  >,
  Assert<
    Same<
      Changed<luacross.FunctionChange>,
      {
        readonly name: string | undefined;
        readonly line: number;
        readonly lastLine: number;
        readonly only: "before" | "after" | undefined;
        readonly parts: luacross.PartChanges;
        readonly path: readonly (string | undefined)[];
      }
    >
  >,
  // Errors
  Assert<
    Same<
      luacross.ErrorCode,
      | "syntax"
      | "limit"
      | "number"
      | "chunk-header"
      | "chunk-truncated"
      | "chunk-integer"
      | "chunk-constant"
      | "chunk-code"
      | "chunk-depth"
      | "duplicate-name"
      | "image-refused"
      | "unsupported"
      | "unknown-target"
    >
  >,
  Assert<Same<Own<luacross.LuacrossError>, { readonly code: luacross.ErrorCode }>>,
  Assert<
    Same<
      Own<luacross.CompileError>,
      { readonly code: luacross.ErrorCode; readonly place: luacross.SourcePlace | undefined }
    >
  >,
  Assert<
    Same<
      Own<luacross.ChunkError>,
      {
        readonly code: luacross.ErrorCode;
        readonly offset: number;
        readonly field: string;
      }
    >
  >,
  Assert<
    Same<
      Own<luacross.EncodeError>,
      { readonly code: luacross.ErrorCode; readonly place: luacross.ConstantPlace | undefined }
    >
  >,
  Assert<
    Same<
      Own<luacross.ImageSizeError>,
      {
        readonly code: luacross.ErrorCode;
        readonly size: number;
        readonly limit: number;
        readonly bound: "builder" | "limit";
        readonly modules: readonly luacross.ModuleSize[];
        readonly excess: number;
      }
    >
  >,
  Assert<
    Same<
      Own<luacross.ImageError>,
      { readonly code: luacross.ErrorCode; readonly offset: number; readonly field: string }
    >
  >,
  Assert<Same<luacross.ConstantPlace, { readonly lineDefined: number; readonly constant: number }>>,
  Assert<luacross.LuacrossError extends Error ? true : false>,
  Assert<Same<luacross.SourcePlace, { readonly line: number; readonly offset: number }>>,
];

/** What an error has beyond every error. */
type Own<E extends Error> = Omit<E, keyof Error>;

/** What a change has beyond the bytes on both sides, which all have. */
type Changed<C extends luacross.SizeChange> = Omit<C, keyof luacross.SizeChange>;

/** The comparison itself can fail: each of these differs in one respect only. */
export type Unlike = [
  // @ts-expect-error a result of another type
  Assert<Same<() => string, () => string | undefined>>,
  // @ts-expect-error a parameter that may be left out
  Assert<Same<(a: string) => void, (a?: string) => void>>,
  // @ts-expect-error one parameter more
  Assert<Same<(a: string) => void, (a: string, b: string) => void>>,
  // @ts-expect-error a property that may be changed
  Assert<Same<{ readonly a: string }, { a: string }>>,
  // @ts-expect-error a property that may be left out
  Assert<Same<{ a?: string | undefined }, { a: string | undefined }>>,
  // @ts-expect-error one property more
  Assert<Same<{ a: string }, { a: string; b?: string }>>,
  // @ts-expect-error a list that may be changed
  Assert<Same<readonly string[], string[]>>,
  // @ts-expect-error anything
  Assert<Same<string, unknown>>,
];
