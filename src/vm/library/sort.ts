/**
 * The quicksort of `table.sort`. Lua's sort is not stable and calls a program's comparison for pairs
 * that programs can see, so it is this algorithm and no other: the median of three as the pivot,
 * which waits at the end while the rest is parted, the smaller part first.
 * Source: R. Sedgewick, "Algorithms", quicksort; the manuals' §5.5 and §6.6.
 */
import type { Value } from "../values.ts";

/** The list that is sorted, by positions from 1 on, and how its items compare. */
export interface SortList {
  get(position: number): Value;
  set(position: number, value: Value): void;
  less(left: Value, right: Value): boolean;
  /** Makes what is thrown when the comparison contradicts itself. */
  invalidOrder(): unknown;
}

/** What the versions do in their own way. */
export interface SortRules {
  /** Comparisons may run this far over the ends of a part before they are refused. */
  readonly slack: 0 | 1;
  /** After a very uneven split of a long list, pivots are no longer taken from the middle. */
  readonly movesPivots: boolean;
}

export const SORT_51: SortRules = { slack: 1, movesPivots: false };
export const SORT_53: SortRules = { slack: 0, movesPivots: true };

/** Lists below this length keep their pivot in the middle. */
const SHORT_LIST = 100;
/** A split is very uneven when the larger part is this many times the smaller one. */
const UNEVEN = 128;

export class Sorter {
  private readonly list: SortList;
  private readonly rules: SortRules;

  constructor(list: SortList, rules: SortRules) {
    this.list = list;
    this.rules = rules;
  }

  /** Sorts the items from `first` to `last`. */
  sort(first: number, last: number): void {
    this.sortPart(first, last, false);
  }

  private sortPart(first: number, last: number, pivotsMove: boolean): void {
    let [low, high, moved] = [first, last, pivotsMove];
    while (low < high) {
      this.order(low, high);
      if (high - low === 1) return;
      const middle = moved && high - low >= SHORT_LIST ? asidePivot(low, high) : (low + high) >> 1;
      this.orderMiddle(low, middle, high);
      if (high - low === 2) return;
      const pivot = this.list.get(middle);
      this.swap(middle, pivot, high - 1, this.list.get(high - 1));
      const border = this.part(low, high, pivot);
      const below = border - low;
      const above = high - border;
      if (below < above) {
        this.sortPart(low, border - 1, moved);
        low = border + 1;
      } else {
        this.sortPart(border + 1, high, moved);
        high = border - 1;
      }
      const smaller = Math.min(below, above);
      if (this.rules.movesPivots && high - low >= UNEVEN * (smaller + 1)) moved = true;
    }
  }

  /** Swaps two items when the upper one is less. */
  private order(lower: number, upper: number): void {
    const { list } = this;
    const below = list.get(lower);
    const above = list.get(upper);
    if (list.less(above, below)) this.swap(lower, below, upper, above);
  }

  /** Brings an item in order with those around it, which are in order. Programs can see each step. */
  private orderMiddle(low: number, middle: number, high: number): void {
    const { list } = this;
    const item = list.get(middle);
    const below = list.get(low);
    if (list.less(item, below)) {
      this.swap(middle, item, low, below);
      return;
    }
    const above = list.get(high);
    if (list.less(above, item)) this.swap(middle, item, high, above);
  }

  /** Lets two items, which were read before, change places. */
  private swap(a: number, valueOfA: Value, b: number, valueOfB: Value): void {
    this.list.set(a, valueOfB);
    this.list.set(b, valueOfA);
  }

  /**
   * Brings what is less than the pivot below it and what is greater above; the pivot lies at
   * `high - 1`, items at `low` and `high` are in order already.
   *
   * @returns where the pivot comes to lie
   */
  private part(low: number, high: number, pivot: Value): number {
    const { list, rules } = this;
    let i = low;
    let j = high - 1;
    for (;;) {
      let lower = list.get(++i);
      while (list.less(lower, pivot)) {
        if (i >= high - 1 + 2 * rules.slack) throw list.invalidOrder();
        lower = list.get(++i);
      }
      let upper = list.get(--j);
      while (list.less(pivot, upper)) {
        if (rules.slack === 0 ? j < i : j < low) throw list.invalidOrder();
        upper = list.get(--j);
      }
      if (j < i) {
        this.swap(high - 1, pivot, i, lower);
        return i;
      }
      this.swap(i, lower, j, upper);
    }
  }
}

/** A position in the second or third quarter, away from the middle. */
function asidePivot(low: number, high: number): number {
  const quarter = (high - low) >> 2;
  return (0xffffffff % (quarter * 2)) + low + quarter;
}
