import { expect, test } from 'vitest';
import { hostCIDR, splitEndpoint } from './addresses.ts';

test.each([
  ['192.0.2.1:443', { host: '192.0.2.1', port: 443 }],
  ['[2001:db8::1]:4420', { host: '2001:db8::1', port: 4420 }],
  ['duros.example.com:443', { host: 'duros.example.com', port: 443 }],
  ['2001:db8::1:443', undefined],
  ['[192.0.2.1]:443', undefined],
  ['192.0.2.1', undefined],
  ['192.0.2.1:', undefined],
  ['192.0.2.1:0', undefined],
  ['192.0.2.1:65536', undefined],
  [':443', undefined],
  ['', undefined],
])('splitEndpoint(%s)', (text, expected) => {
  expect(splitEndpoint(text)).toEqual(expected);
});

test.each([
  ['192.0.2.1', '192.0.2.1/32'],
  ['2001:DB8:0::1', '2001:db8::1/128'],
  ['name', undefined],
  ['192.0.2.0/24', undefined],
])('hostCIDR(%s)', (address, expected) => {
  expect(hostCIDR(address)).toBe(expected);
});
