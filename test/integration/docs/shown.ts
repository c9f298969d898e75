/** What differs from run to run, and how it looks. */
const variable: readonly (readonly [RegExp, string])[] = [
  [/[0-9a-f]{8}-(?=…)/g, '[0-9a-f]{8}-'],
  [/…|\.\.\./g, '.*'],
  [/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '[0-9a-f-]{36}'],
  [/\d+\.\d+ ?s\b/g, '\\d+(?:\\.\\d+)? ?s'],
  [/\d+ %/g, '\\d+ %'],
  [/\d+ of \d+/g, '\\d+ of \\d+'],
  [/203\.0\.113\.\d+/g, '203\\.0\\.113\\.\\d+'],
  // Hashes and random names of Kubernetes.
  [/(?<=-)(?=[a-z]*\d)[0-9a-z]{5}\b|(?<=-)[bcdfghjklmnpqrstvwxz2456789]{5}\b/g, '[0-9a-z]{5}'],
  [/\s+/g, '\\s+'],
];

/** The lines of what a page shows that the program does not print in this order; `…` and `...` stand for anything. */
export function notPrinted(shown: string, printed: string): string[] {
  const rest = printed.split('\n').map((line) => line.trim());
  const missing: string[] = [];
  for (const line of shown.split('\n').map((text) => text.trim())) {
    if (['', '…', '...'].includes(line)) continue;
    const at = rest.findIndex((real) => patternOf(line).test(real));
    if (at < 0) missing.push(line);
    else rest.splice(0, at + 1);
  }
  return missing;
}

function patternOf(line: string): RegExp {
  const any = new RegExp(variable.map(([looks]) => `(?:${looks.source})`).join('|'), 'g');
  let source = '';
  let end = 0;
  for (const match of line.matchAll(any)) {
    source += escaped(line.slice(end, match.index)) + lookOf(match[0], line, match.index);
    end = match.index + match[0].length;
  }
  return new RegExp(`^${source}${escaped(line.slice(end))}$`);
}

/** The pattern of the first kind that the text at this place is of. */
function lookOf(text: string, line: string, at: number): string {
  const kind = variable.find(([looks]) => [...line.matchAll(looks)].some((m) => m.index === at && m[0] === text));
  return kind?.[1] ?? escaped(text);
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
