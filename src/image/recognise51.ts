/**
 * Tells which targets an image was built for. Source: lfs51.md §0.4, §1, §5.1.
 *
 * The signature tells how values lie and what numbers are; firmware generations that share it are
 * told apart by the tag of their strings, and where that leaves several, by how many buckets their
 * builders make.
 */
import type { Target, TargetRow } from "../target/target.ts";
import { TARGETS } from "../target/targets.ts";
import { ABSOLUTE_BIT, bucketCount, LOADING_BIT } from "./layout51.ts";

/** Targets whose images have that signature, in whichever of its states. */
export function targetsOfSignature(signature: number): Target[] {
  const relocatable = (signature & ~(ABSOLUTE_BIT | LOADING_BIT)) >>> 0;
  return TARGETS.filter(
    (row): row is Target => canBuild(row) && row.image.facts51?.signature === relocatable,
  );
}

/**
 * Of targets that share a signature, those whose builder would have made this string table. When
 * none would, whoever built the image has other habits, and the tag alone decides.
 */
export function targetsOfStrings(
  targets: readonly Target[],
  strings: { readonly tag: number; readonly count: number; readonly buckets: number },
): Target[] {
  const byTag = targets.filter(({ wire }) => wire.stringTag === strings.tag);
  const byBuckets = byTag.filter(({ image: { facts51 } }) => {
    return facts51 !== undefined && bucketCount(strings.count, facts51) === strings.buckets;
  });
  return byBuckets.length > 0 ? byBuckets : byTag;
}

function canBuild(row: TargetRow): row is Target {
  return row.supported;
}
