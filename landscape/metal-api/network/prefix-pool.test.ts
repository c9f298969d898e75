import { describe, expect, test } from 'vitest';
import { seededRandom } from '../random.ts';
import { parseAddress, parsePrefix } from './prefix.ts';
import { PrefixPool } from './prefix-pool.ts';

function pool(cidr: string): PrefixPool {
  const prefix = parsePrefix(cidr);
  if (!prefix) throw new Error(cidr);
  return new PrefixPool(prefix);
}

function drain(of: PrefixPool): string[] {
  const random = seededRandom(7);
  const taken: string[] = [];
  for (let address = of.acquire(random); address !== undefined; address = of.acquire(random)) taken.push(address);
  return taken;
}

test.each([
  ['203.0.113.0/29', 6, ['203.0.113.0', '203.0.113.7']],
  ['10.0.0.0/31', 0, ['10.0.0.0', '10.0.0.1']],
  ['10.0.0.1/32', 0, ['10.0.0.1']],
  ['2001:db8::/125', 7, ['2001:db8::']],
])('%s hands out %i addresses, each once, and never %j', (cidr, count, reserved) => {
  const taken = drain(pool(cidr));
  expect(new Set(taken).size).toBe(count);
  expect(taken).toHaveLength(count);
  expect(taken.filter((address) => reserved.includes(address))).toEqual([]);
});

test('a released address is handed out again, a reserved or taken one is refused', () => {
  const prefix = pool('203.0.113.0/30');
  const number = (text: string): bigint => parseAddress(text)?.number ?? 0n;
  expect(prefix.acquireSpecific(number('203.0.113.0'))).toBe(false);
  expect(prefix.acquireSpecific(number('203.0.113.1'))).toBe(true);
  expect(prefix.acquireSpecific(number('203.0.113.1'))).toBe(false);
  prefix.release(number('203.0.113.1'));
  expect(drain(prefix).sort()).toEqual(['203.0.113.1', '203.0.113.2']);
});

describe('child prefixes', () => {
  test('come in order, without overlap, until none is left', () => {
    const parent = pool('10.0.0.0/22');
    const children = Array.from({ length: 5 }, () => parent.acquireChild(24)?.cidr);
    expect(children).toEqual(['10.0.0.0/24', '10.0.1.0/24', '10.0.2.0/24', '10.0.3.0/24', undefined]);
  });

  test('of other lengths are aligned and fill the first gap that is large enough', () => {
    const parent = pool('10.0.0.0/22');
    expect(parent.acquireChild(26)?.cidr).toBe('10.0.0.0/26');
    expect(parent.acquireChild(24)?.cidr).toBe('10.0.1.0/24');
    expect(parent.acquireChild(25)?.cidr).toBe('10.0.0.128/25');
    expect(parent.acquireChild(26)?.cidr).toBe('10.0.0.64/26');
    parent.releaseChild('10.0.1.0/24');
    expect(parent.acquireChild(24)?.cidr).toBe('10.0.1.0/24');
  });

  test('that are asked for by name must lie free inside', () => {
    const parent = pool('10.0.0.0/22');
    const specific = (cidr: string): boolean => parent.acquireSpecificChild(parsePrefix(cidr) as never);
    expect(specific('10.0.1.0/24')).toBe(true);
    expect(specific('10.0.1.128/25')).toBe(false);
    expect(specific('10.0.4.0/24')).toBe(false);
    expect(parent.acquireChild(23)?.cidr).toBe('10.0.2.0/23');
  });

  test('of IPv6 work at the far end of the address space', () => {
    const parent = pool('ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffc/126');
    expect(parent.acquireChild(127)?.cidr).toBe('ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffc/127');
    expect(parent.acquireChild(127)?.cidr).toBe('ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe/127');
    expect(parent.acquireChild(127)).toBeUndefined();
  });
});

test.each([
  ['10.0.0.0/24', { available_ips: 256, used_ips: 2, available_prefixes: 64, used_prefixes: 0 }],
  ['2001:db8::/64', { available_ips: 2 ** 31 - 1, used_ips: 1, available_prefixes: 2 ** 31 - 1, used_prefixes: 0 }],
])('usage of an empty %s', (cidr, usage) => {
  expect(pool(cidr).usage()).toEqual(usage);
});

test.each([
  ['10.0.0.5/24', '10.0.0.0/24'],
  ['2001:DB8:0:0::1/64', '2001:db8::/64'],
  ['10.0.0.0', undefined],
  ['10.0.0.0/33', undefined],
  ['10.0.0/24', undefined],
  ['fe80::1%eth0/64', undefined],
  ['10.0.0.0/-1', undefined],
  ['', undefined],
])('parsePrefix(%j) is %j', (text, cidr) => {
  expect(parsePrefix(text)?.cidr).toBe(cidr);
});
