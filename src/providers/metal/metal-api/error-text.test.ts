import { expect, it } from 'vitest';
import { errorText } from './error-text.ts';

const body = { statuscode: 404, message: 'NotFound no ip\nwith id "x" found' };
const said = 'NotFound no ip with id "x" found';

it.each([
  ['an object', JSON.stringify(body), said],
  ['an object in a string', JSON.stringify(JSON.stringify(body)), said],
  ['a bare string', '"tenant t not allowed"', 'tenant t not allowed'],
  ['a number in a string', '"404"', '404'],
  ['a proxy', '<html>Bad Gateway</html>', '<html>Bad Gateway</html>'],
  ['an object without a message', '{"error":"x"}', '{"error":"x"}'],
  ['nothing', '', ''],
  ['too much', 'x'.repeat(600), 'x'.repeat(500)],
])('%s', (_, text, expected) => expect(errorText(text)).toBe(expected));
