/**
 * How much room there is for files: SPIFFS keeps them in pages, of which each file needs one for its
 * name and one for every 251 bytes. What was deleted counts as free, as it does after the collection
 * that the file system makes when it needs room. Files that are there at the start and would never
 * fit, as when a whole folder is given to a board, count as if they took no room.
 * Source: SPIFFS, `spiffs_nucleus.h`; observed sizes of boards.
 */
import type { LfsRegion } from "../device/device.ts";
import type { NorFlash } from "../device/flash.ts";
import { PartitionType, readPartitions } from "../device/partitions.ts";
import type { StorageFacts } from "../target/module-facts.ts";
import type { Target } from "../target/target.ts";
import type { BoardFiles } from "./files.ts";
import { FIRMWARE_OFFSET } from "./flash-layout.ts";

const PAGE_SIZE = 256;
/** Bytes of a page that are not its header. */
const PAGE_CONTENT = 251;
/** Pages that a page knows which is not a file's first one. */
const PAGES_PER_INDEX = 124;
/** Blocks that are kept free. */
const SPARE_BLOCKS = 2;

/** Where the files are in the flash, in bytes. */
export interface StorageRegion {
  readonly offset: number;
  readonly size: number;
}

/**
 * Where the files are: where the partition table says, or behind the firmware and its store.
 *
 * @param lfs the board's store for images
 */
export function storageRegion(
  { board }: Target,
  flash: NorFlash,
  lfs: LfsRegion | undefined,
): StorageRegion {
  const { gap, alignment, reserved, largest, blockSize } = board.modules.file.storage;
  const hasTable = board.flashLayout === "partition table";
  const table = hasTable ? (readPartitions(flash) ?? []) : undefined;
  const row = table?.find(({ type }) => type === PartitionType.Spiffs0);
  const behind = lfs === undefined ? FIRMWARE_OFFSET + board.firmwareSize : lfs.offset + lfs.size;
  const start = table === undefined ? behind + gap : (row?.offset ?? 0);
  const end = table === undefined ? flash.size - reserved : start + (row?.size ?? 0);
  const offset = Math.ceil(start / alignment) * alignment;
  const unit = Math.min(alignment, blockSize);
  const size = Math.floor(end / unit) * unit - offset;
  return { offset, size: Math.max(0, Math.min(size, largest)) };
}

/** Counts the pages of a board's files; sizes are in bytes, as programs get them. */
export class Storage {
  readonly region: StorageRegion;
  private readonly files: BoardFiles;
  private readonly namedPages: number;
  /** Pages for files. */
  private readonly pages: number;
  /** Pages that do not count. */
  private readonly ignored: number;
  /** So many pages are free at least; counting takes long when there are many files. */
  private knownFree = 0;

  constructor(files: BoardFiles, region: StorageRegion, facts: StorageFacts) {
    const pagesPerBlock = facts.blockSize / PAGE_SIZE;
    const blocks = Math.floor(region.size / facts.blockSize);
    this.region = region;
    this.files = files;
    this.namedPages = facts.namedPages;
    this.pages = Math.max(0, blocks - SPARE_BLOCKS) * (pagesPerBlock - 1);
    const atStart = this.countPages();
    this.ignored = atStart > this.pages ? atStart : 0;
  }

  /** Bytes that `file.fsinfo` calls the total; one page more than can be used. */
  get total(): number {
    return (this.pages + 1) * PAGE_CONTENT;
  }

  /** Bytes in use, in whole pages. */
  get used(): number {
    return this.usedPages * PAGE_CONTENT;
  }

  /** Takes room to write so many bytes, if there is; a page more must be free. */
  takeRoom(bytes: number): boolean {
    const needed = Math.ceil(bytes / PAGE_CONTENT) + 1;
    if (needed > this.knownFree) this.knownFree = this.pages - this.usedPages;
    if (needed > this.knownFree) return false;
    this.knownFree -= needed;
    return true;
  }

  private get usedPages(): number {
    return Math.max(0, this.countPages() - this.ignored);
  }

  private countPages(): number {
    let pages = 0;
    for (const name of this.files.names()) pages += this.pagesOf(this.files.sizeOf(name) ?? 0);
    return pages;
  }

  private pagesOf(size: number): number {
    const data = Math.ceil(size / PAGE_CONTENT);
    return data + 1 + Math.max(0, Math.ceil((data - this.namedPages) / PAGES_PER_INDEX));
  }
}
