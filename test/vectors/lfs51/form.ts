/** The form of chunks that a target reads. */
import type { Target } from "../../../src/target/target.ts";
import type { ChunkForm } from "../../support/chunk-builder.ts";
import { FORMS } from "./cases.ts";

export function formOf({ wire, numbers }: Target): ChunkForm {
  const form = FORMS.find(({ numberTag, integral }) => {
    return numberTag === wire.numberTag && integral === numbers.integral;
  });
  if (form === undefined) throw new Error("no form of chunks is made for this target");
  return form;
}
