import { describe, expect, test } from 'vitest';
import type { Ip } from '../metal-api/types.ts';
import { claim, releases, unclaimed } from './egress-plan.ts';

const ip = (ipaddress: string, tags: string[] = [], type = 'static'): Ip => ({
  ipaddress,
  tags,
  type,
  networkid: 'internet',
  projectid: 'p',
});
const wanted = (address: string) => ({ address, networkID: 'internet' });
const EGRESS = 'cluster.metal-stack.io/id/egress=c';

test('an IP that carries the tag is not looked for, whatever its spelling', () => {
  const claimed = [ip('2001:DB8:0::1', [EGRESS])];
  expect(unclaimed([wanted('2001:db8::1'), wanted('203.0.113.1')], claimed)).toEqual([wanted('203.0.113.1')]);
});

describe('claim', () => {
  test.each<[string, Ip[], RegExp]>([
    ['nothing', [], /^ip 203\.0\.113\.1 for egress rule does not exist/],
    ['two', [ip('203.0.113.1'), ip('203.0.113.1')], /^ip 203\.0\.113\.1 found multiple times$/],
    ['ephemeral', [ip('203.0.113.1', [], 'ephemeral')], /must be static, but 203\.0\.113\.1 is not static$/],
    ['of another cluster', [ip('203.0.113.1', ['cluster.metal-stack.io/id/egress=d'])], /^won't use ip 203\.0\.113\.1/],
    ['of a service', [ip('203.0.113.1', ['cluster.metal-stack.io/id/namespace/service=c/a/b'])], /^won't use ip/],
  ])('%s', (_, found, fault) => {
    expect(claim({ wanted: wanted('203.0.113.1'), found }, 'c')).toMatch(fault);
  });

  test('a free static one', () => {
    const free = ip('203.0.113.1');
    expect(claim({ wanted: wanted('203.0.113.1'), found: [free] }, 'c')).toEqual({ ip: free, tags: [EGRESS] });
  });
});

test('a release takes our egress tag only, and only from what no rule wants', () => {
  const keep = ip('203.0.113.1', [EGRESS]);
  const alone = ip('203.0.113.2', [EGRESS]);
  const shared = ip('203.0.113.3', ['cluster.metal-stack.io/id/egress=d', EGRESS, 'note=x']);
  expect(releases([wanted('203.0.113.1')], [keep, alone, shared], 'c')).toEqual([
    { ip: alone, tags: [] },
    { ip: shared, tags: ['cluster.metal-stack.io/id/egress=d', 'note=x'] },
  ]);
});
