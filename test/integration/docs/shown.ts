/** What differs from run to run, and how it looks. */
const variable: readonly (readonly [RegExp, string])[] = [
  [/[0-9a-f]{8}-(?=…)/, '[0-9a-f]{8}-'],
  [/…|\.\.\./, '.*'],
  [/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/, '[0-9a-f-]{36}'],
  [/\d+\.\d+ ?s\b/, '\\d+(?:\\.\\d+)? ?s'],
  [/\d+ %/, '\\d+ %'],
  [/\d+ of \d+/, '\\d+ of \\d+'],
  [/203\.0\.113\.\d+/, '203\\.0\\.113\\.\\d+'],
  // Hashes and random names of Kubernetes.
  [/(?<=-)(?=[a-z]*\d)[0-9a-z]{5}\b|(?<=-)[bcdfghjklmnpqrstvwxz2456789]{5}\b/, '[0-9a-z]{5}'],
  [/\s+/, '\\s+'],
];

/** The lines of what a page shows that the program does not print in this order; `…` and `...` stand for anything. */
export function notPrinted(shown: string, printed: string): string[] {
  const rest = printed.split('\n').map((line) => line.trim());
  const missing: string[] = [];
  for (const line of shown.split('\n').map((text) => text.trim())) {
    if (['', '…', '...'].includes(line)) continue;
    const pattern = patternOf(line);
    const at = rest.findIndex((real) => pattern.test(real));
    if (at < 0) missing.push(line);
    else rest.splice(0, at + 1);
  }
  return missing;
}

/** Any of it: each kind is a group, and the first that fits counts. */
const any = new RegExp(variable.map(([looks]) => `(${looks.source})`).join('|'), 'g');

function patternOf(line: string): RegExp {
  let source = '';
  let end = 0;
  for (const match of line.matchAll(any)) {
    const [text, ...kinds] = match;
    const [, pattern = ''] = variable[kinds.findIndex((kind) => kind !== undefined)] ?? [];
    source += escaped(line.slice(end, match.index)) + pattern;
    end = match.index + text.length;
  }
  return new RegExp(`^${source}${escaped(line.slice(end))}$`);
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
