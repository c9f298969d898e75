import { expect, it } from 'vitest';
import { fitWarnings } from './warnings.ts';

it.each<[string, string[] | undefined, string[]]>([
  ['none', undefined, []],
  ['as they are', ['a', 'b'], ['a', 'b']],
  ['each once', ['a', 'a'], ['a']],
  ['not empty ones', ['', ' \n'], []],
  ['in one line', ['a\r\nb\u0000c'], ['a b c']],
  ['cut where the API server would', ['x'.repeat(300)], [`${'x'.repeat(255)}…`]],
])('%s', (_, given, fitting) => expect(fitWarnings(given)).toEqual(fitting));

it('gives no more than the API server takes', () => {
  const many = fitWarnings(Array.from({ length: 100 }, (_, index) => `${index}`.padEnd(100, '.')));
  expect(many).toHaveLength(40);
});
