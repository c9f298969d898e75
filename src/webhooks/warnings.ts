/** The API server may cut what is longer. */
const maxLength = 256;
/** The API server ignores what comes after so many characters. */
const maxTotal = 4096;
const ellipsis = '…';
// biome-ignore lint/suspicious/noControlCharactersInRegex: a warning travels in an HTTP header
const notPrintable = /[\u0000-\u001f\u007f]+/g;

/** Warnings as Kubernetes takes them: each once, in one line, neither too long nor too many. */
export function fitWarnings(warnings: readonly string[] = []): string[] {
  const fitting = new Set<string>();
  let total = 0;
  for (const warning of warnings) {
    const line = shorten(warning.replace(notPrintable, ' ').trim());
    if (line === '' || fitting.has(line)) continue;
    total += line.length;
    if (total > maxTotal) break;
    fitting.add(line);
  }
  return [...fitting];
}

function shorten(line: string): string {
  return line.length > maxLength ? `${line.slice(0, maxLength - 1)}${ellipsis}` : line;
}
