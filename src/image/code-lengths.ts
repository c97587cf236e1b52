/**
 * Huffman codes of limited length: the best lengths for given counts, by package-merge (Larmore and
 * Hirschberg 1990). Only lengths are made; RFC 1951 §3.2.2 makes the codes.
 */

/**
 * @param counts by symbol; one that is 0 gets no code
 * @param limit bits of the longest code; 2^limit must not be less than the symbols that occur
 * @returns by symbol: bits of its code. At least two symbols have one, so that the code is complete,
 *   which some unpackers insist on.
 */
export function codeLengths(counts: Int32Array, limit: number): Uint8Array {
  const lengths = new Uint8Array(counts.length);
  const { symbols, weights } = sorted(counts);
  const depths = huffmanDepths(weights);
  const fits = depths.every((depth) => depth <= limit);
  const best = fits ? depths : limitedDepths(weights, limit);
  for (let i = 0; i < symbols.length; i++) lengths[symbols[i]] = best[i];
  return lengths;
}

/** Symbols that get a code, the rarest first. */
interface SortedSymbols {
  readonly symbols: Uint16Array;
  readonly weights: Float64Array;
}

/** More than there are symbols. */
const SYMBOL_RANGE = 512;

function sorted(counts: Int32Array): SortedSymbols {
  const keys = new Float64Array(Math.max(counts.length, 2));
  let used = 0;
  for (let symbol = 0; symbol < counts.length; symbol++) {
    if (counts[symbol] > 0) keys[used++] = counts[symbol] * SYMBOL_RANGE + symbol;
  }
  for (let symbol = 0; used < 2; symbol++) if (counts[symbol] === 0) keys[used++] = symbol;
  const order = keys.subarray(0, used).sort();
  return {
    symbols: Uint16Array.from(order, (key) => key % SYMBOL_RANGE),
    weights: order.map((key) => Math.floor(key / SYMBOL_RANGE)),
  };
}

/** Huffman's own lengths, by two queues: of symbols, and of trees, which come out in order. */
function huffmanDepths(weights: Float64Array): Uint16Array {
  const leaves = weights.length;
  const nodes = 2 * leaves - 1;
  const all = new Float64Array(nodes);
  all.set(weights);
  const parents = new Uint16Array(nodes);
  let leaf = 0;
  let tree = leaves;
  for (let made = leaves; made < nodes; made++) {
    for (let i = 0; i < 2; i++) {
      const isLeaf = leaf < leaves && (tree === made || all[leaf] <= all[tree]);
      const taken = isLeaf ? leaf++ : tree++;
      parents[taken] = made;
      all[made] += all[taken];
    }
  }
  const depths = new Uint16Array(nodes);
  for (let node = nodes - 2; node >= 0; node--) depths[node] = depths[parents[node]] + 1;
  return depths.subarray(0, leaves);
}

/** What package-merge has for one bit of length: items by weight, each a symbol or a package. */
interface Level {
  readonly weights: Float64Array;
  readonly isSymbol: Uint8Array;
}

function limitedDepths(weights: Float64Array, limit: number): Uint16Array {
  const depths = new Uint16Array(weights.length);
  const levels: Level[] = [{ weights, isSymbol: new Uint8Array(weights.length).fill(1) }];
  while (levels.length < limit) levels.push(packaged(weights, levels[levels.length - 1].weights));
  let taken = 2 * weights.length - 2;
  for (const { isSymbol } of levels.reverse()) {
    let symbols = 0;
    for (let i = 0; i < taken; i++) symbols += isSymbol[i];
    for (let i = 0; i < symbols; i++) depths[i]++;
    taken = 2 * (taken - symbols);
  }
  return depths;
}

/** Packages of two items each, and the symbols once more, by weight. */
function packaged(symbols: Float64Array, items: Float64Array): Level {
  const packages = items.length >> 1;
  const weights = new Float64Array(symbols.length + packages);
  const isSymbol = new Uint8Array(weights.length);
  let symbol = 0;
  let next = 0;
  for (let i = 0; i < weights.length; i++) {
    const weight = next < packages ? items[2 * next] + items[2 * next + 1] : Infinity;
    if (symbol < symbols.length && symbols[symbol] <= weight) {
      weights[i] = symbols[symbol++];
      isSymbol[i] = 1;
    } else {
      weights[i] = weight;
      next++;
    }
  }
  return { weights, isSymbol };
}
