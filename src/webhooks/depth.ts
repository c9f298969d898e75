const quote = 0x22;
const backslash = 0x5c;
/** `[` and `{`, `]` and `}` differ in one bit that is the same for both pairs. */
const toBrace = 0x20;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/** Whether JSON text is nested deeper than `max`. Looks at bytes, so that nothing has to be built before it is known. */
export function isDeeperThan(json: Uint8Array, max: number): boolean {
  let depth = 0;
  for (let index = 0; index < json.length; index++) {
    const byte = json[index] ?? 0;
    if (byte === quote) index = endOfString(json, index + 1);
    else if (byte >= 0x5b) {
      const brace = byte | toBrace;
      if (brace === openBrace && ++depth > max) return true;
      if (brace === closeBrace) depth--;
    }
  }
  return false;
}

/** Index of the quote that ends the string. */
function endOfString(json: Uint8Array, start: number): number {
  let index = start;
  while (index < json.length && json[index] !== quote) index += json[index] === backslash ? 2 : 1;
  return index;
}
