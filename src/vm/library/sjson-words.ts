/** Words and numbers of JSON as the firmware's parser sees them, unit by unit. */

export const WORDS: readonly string[] = ["true", "false", "null"];
export const NUMBER_STARTS = "-0123456789";

const DIGIT = /^[0-9]$/;
const WORD_ENDS = '\t\n\r "\\,:[]{}';

/** Does the unit end a word or a number. */
export function isWordEnd(unit: string): boolean {
  return WORD_ENDS.includes(unit);
}

/** What a unit is for a number: part of it, its end, or out of place. */
export type NumberOutcome = "part" | "end" | "wrong";

/** Follows a number, whose first unit is given. */
export class NumberScanner {
  private start: "minus" | "zero" | "digits" | "rest";
  private hasPoint = false;
  private hasExponent = false;
  /** The kind of the last unit. */
  private last: "digit" | "point" | "exponent" | "sign" = "digit";

  constructor(first: string) {
    this.start = first === "-" ? "minus" : first === "0" ? "zero" : "digits";
  }

  take(unit: string): NumberOutcome {
    const isDigit = DIGIT.test(unit);
    switch (this.start) {
      case "minus":
        if (!isDigit) return "wrong";
        this.start = unit === "0" ? "zero" : "digits";
        return "part";
      case "zero":
        if (isDigit) return "wrong";
        this.start = "rest";
        break;
      case "digits":
        if (isDigit) return "part";
        this.start = "rest";
        break;
    }
    return isDigit ? this.takeDigit() : this.takeOther(unit);
  }

  private takeDigit(): NumberOutcome {
    this.last = "digit";
    return "part";
  }

  private takeOther(unit: string): NumberOutcome {
    if (unit === ".") {
      if (this.hasPoint) return "wrong";
      this.hasPoint = true;
      this.last = "point";
      return "part";
    }
    if (unit === "e" || unit === "E") {
      if (this.hasExponent) return "wrong";
      this.hasExponent = true;
      this.last = "exponent";
      return "part";
    }
    if (unit === "-" || unit === "+") {
      if (this.last !== "exponent") return "wrong";
      this.last = "sign";
      return "part";
    }
    return isWordEnd(unit) && this.last === "digit" ? "end" : "wrong";
  }
}
