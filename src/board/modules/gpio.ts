/** The firmware's module `gpio`, which the two chips have quite differently. */
import type { PinStyle } from "../../target/module-facts.ts";
import type { Library } from "../../vm/library.ts";
import type { BoardModule, ModuleContext } from "../module.ts";
import { ChipPins } from "./chip-pins.ts";
import { KitPins } from "./kit-pins.ts";

const STYLES: Readonly<Record<PinStyle, (context: ModuleContext) => Library>> = {
  kit: (context) => new KitPins(context, context.target.board.modules.gpio).library(),
  chip: (context) => new ChipPins(context, context.target.board.modules.gpio).library(),
};

export const GPIO: BoardModule = {
  name: "gpio",
  open: (context) => STYLES[context.target.board.modules.gpio.style](context),
};
