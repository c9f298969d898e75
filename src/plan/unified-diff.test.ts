import fc from 'fast-check';
import { expect, test } from 'vitest';
import { unifiedDiff } from './unified-diff.ts';

const text = (...lines: string[]) => lines.map((line) => `${line}\n`).join('');

test('equal texts have no hunks', () => {
  expect(unifiedDiff('a\nb\n', 'a\nb\n')).toBe('');
});

test('a change stands between three lines of context', () => {
  const before = text('1', '2', '3', '4', '5', '6', '7', '8', '9');
  expect(unifiedDiff(before, before.replace('5', 'five'))).toBe(
    text('@@ -2,7 +2,7 @@', ' 2', ' 3', ' 4', '-5', '+five', ' 6', ' 7', ' 8'),
  );
});

test.each([
  ['all is new', '', text('a', 'b'), text('@@ -0,0 +1,2 @@', '+a', '+b')],
  ['all is gone', text('a'), '', text('@@ -1,1 +0,0 @@', '-a')],
])('%s', (_, before, after, hunks) => {
  expect(unifiedDiff(before, after)).toBe(hunks);
});

test('the hunks lead from one text to the other', () => {
  const lines = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 40 });
  fc.assert(
    fc.property(lines, lines, (before, after) => {
      expect(patched(before, unifiedDiff(text(...before), text(...after)))).toEqual(after);
    }),
  );
});

/** What `patch` does. */
function patched(before: readonly string[], diff: string): string[] {
  const after: string[] = [];
  let next = 0;
  for (const line of diff.split('\n').slice(0, -1)) {
    const [, start, count] = /^@@ -(\d+),(\d+) /.exec(line) ?? [];
    if (start !== undefined) {
      const first = Number(start) - (count === '0' ? 0 : 1);
      after.push(...before.slice(next, first));
      next = first;
    } else if (line.startsWith('+')) after.push(line.slice(1));
    else {
      expect(before[next]).toBe(line.slice(1));
      if (line.startsWith(' ')) after.push(line.slice(1));
      next += 1;
    }
  }
  return [...after, ...before.slice(next)];
}
