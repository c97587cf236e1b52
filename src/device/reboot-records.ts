/**
 * The page of flash in which NodeMCU 3.0 keeps what must survive a restart, such as its partition
 * table. Records are added at the end and deleted in place, so that the page is rarely erased.
 * Source: lfs51.md §11.
 *
 *     page   = record* FFFFFFFF ...                at flash offset 0x10000
 *     record = words(1) id(1) 00 00 word{words}    id 00: deleted
 */
import { type NorFlash, SECTOR_SIZE } from "./flash.ts";

/** Record ids the simulated device knows. */
export const PARTITION_TABLE_RECORD = 1;

const PAGE = 0x10000;
const DELETED = 0;
const FREE = 0xff;
const WORD = 4;
const PAGE_WORDS = SECTOR_SIZE / WORD;
/** Words of a record's content; the firmware copies it on its stack. */
const MOST_WORDS = 64;

interface RebootRecord {
  /** Offset in flash of the record's header. */
  readonly offset: number;
  readonly id: number;
  readonly words: readonly number[];
}

/** The content of the record, or undefined when there is none. */
export function readRecord(flash: NorFlash, id: number): readonly number[] | undefined {
  return recordsOf(flash).find((record) => record.id === id)?.words;
}

/**
 * Writes a record in place of one of the same id. When the page is full it is erased and written
 * anew with all that is left.
 *
 * @param words unsigned; at most 64
 * @returns false when there is no room for it, and nothing was changed
 * @throws PowerCut
 */
export function writeRecord(flash: NorFlash, id: number, words: readonly number[]): boolean {
  if (words.length > MOST_WORDS) return false;
  const records = recordsOf(flash);
  const previous = records.find((record) => record.id === id);
  if (previous && sameWords(previous.words, words)) return true;
  const last = records.at(-1);
  const end = last ? last.offset + (1 + last.words.length) * WORD : PAGE;
  // The page must keep a free word: the search for a record ends there.
  if (words.length < (PAGE + SECTOR_SIZE - end) / WORD - 1) {
    flash.program(end, toBytes([header(id, words), ...words]));
    if (previous) flash.program(previous.offset, toBytes([header(DELETED, previous.words)]));
    return true;
  }
  return rewritePage(flash, [
    ...records.filter((record) => record.id !== DELETED && record.id !== id),
    { offset: 0, id, words },
  ]);
}

function rewritePage(flash: NorFlash, records: readonly RebootRecord[]): boolean {
  const content = records.flatMap(({ id, words }) => [header(id, words), ...words]);
  if (content.length >= PAGE_WORDS) return false;
  flash.erase(PAGE / SECTOR_SIZE);
  flash.program(PAGE, toBytes(content));
  return true;
}

/** All records, deleted ones included, up to the free part or to nonsense at the page's end. */
function recordsOf(flash: NorFlash): RebootRecord[] {
  const records: RebootRecord[] = [];
  let offset = PAGE;
  const end = PAGE + SECTOR_SIZE;
  while (offset < end) {
    const head = flash.word(offset);
    const count = head & 0xff;
    const id = (head >>> 8) & 0xff;
    if (id === FREE || offset + (1 + count) * WORD > end) break;
    const first = offset + WORD;
    const words = Array.from({ length: count }, (_, i) => flash.word(first + i * WORD));
    records.push({ offset, id, words });
    offset = first + count * WORD;
  }
  return records;
}

function header(id: number, words: readonly number[]): number {
  return words.length | (id << 8);
}

function sameWords(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((word, i) => word === b[i]);
}

function toBytes(words: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(words.length * WORD);
  const view = new DataView(bytes.buffer);
  words.forEach((word, i) => {
    view.setUint32(i * WORD, word, true);
  });
  return bytes;
}
