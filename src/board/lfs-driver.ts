/**
 * What a board needs of its firmware's flash store: finding an image at the start, and loading a new
 * one. There is one driver per Lua version; whoever makes a board hands it in.
 */
import type { LuaString } from "../base/lua-string.ts";
import type { Proto } from "../bytecode/proto.ts";
import type { LfsRegion } from "../device/device.ts";
import type { NorFlash } from "../device/flash.ts";
import type { ImageModule } from "../image/flash-image.ts";
import type { Target } from "../target/target.ts";

/** An image that lies in the flash and is in use. */
export interface LoadedImage {
  /** The function that knows the modules; in Lua 5.1 programs reach them by calling it. */
  readonly main: Proto;
  /** In the order of their names; none when the main function is no lookup combination. */
  readonly modules: readonly ImageModule[];
  /** When it was built, in seconds since 1970; undefined when the main function does not tell. */
  readonly time: number | undefined;
  /** All strings that need no memory, for they lie in the image. */
  readonly strings: readonly LuaString[];
  /** Bytes that it takes in flash. */
  readonly size: number;
}

/** What the firmware finds when it starts. */
export interface LfsBoot {
  /** What it prints. */
  readonly message: LuaString | undefined;
  /** Undefined when there is none that it would use. */
  readonly image: LoadedImage | undefined;
}

/** What became of a call to load an image file. */
export type LfsReload =
  /** The call returns, with a message for the program where there is one. */
  | { readonly end: "returned"; readonly message: LuaString | undefined }
  /** The board starts anew; the message goes to the serial port. */
  | { readonly end: "restarted"; readonly message: LuaString | undefined };

/** A board as far as its flash store is concerned. */
export interface LfsBoard {
  readonly target: Target;
  readonly flash: NorFlash;
  /** Undefined when the board has none. */
  readonly region: LfsRegion | undefined;
  /** Bytes of RAM that are free. */
  readonly freeHeap: number;
}

/** How a Lua version's firmware deals with its flash store. */
export interface LfsDriver {
  /** @throws LuacrossError when what is there would make the board crash */
  boot(board: LfsBoard): LfsBoot;
  /**
   * @param file undefined when there is none of that name
   * @throws LuacrossError `image-refused` when the board would hang or crash
   */
  reload(board: LfsBoard, name: LuaString, file: Uint8Array | undefined): LfsReload;
}
