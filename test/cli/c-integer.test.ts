import { expect, it } from "vitest";
import { parseCInteger } from "../../src/cli/c-integer.ts";

it.each([
  ["4096", 4096],
  ["0x1000", 0x1000],
  ["0X1fZ", 0x1f],
  ["010", 8],
  ["08", 0],
  ["0789", 7],
  ["0x", 0],
  ["0xg", 0],
  ["", 0],
  ["junk", 0],
  ["12junk", 12],
  ["12 34", 12],
  [" \t\n\v\f\r+7", 7],
  ["-1", 0xffffffff],
  ["-0x10", 0xfffffff0],
  ["--1", 0],
  ["4294967296", 0],
  ["4294967297", 1],
  ["9223372036854775807", 0xffffffff],
  ["9223372036854775808", 0xffffffff],
  ["99999999999999999999", 0xffffffff],
  ["-9223372036854775808", 0],
  ["-99999999999999999999", 0],
  ["0x40210000", 0x40210000],
])("strtol(%j)", (text, value) => {
  expect(parseCInteger(text)).toBe(value);
});
