import { expect, test } from 'vitest';
import { machine } from '../metal-api/types.ts';
import { isWhollyOf } from './force-delete.ts';

const scope = { clusterID: 'c', projectID: 'p', partitionID: 'z' };
const own = 'cluster.metal-stack.io/id=c';

test.each<[string, string | undefined, string[], boolean]>([
  ['of this cluster', 'p', [own, 'machine.metal-stack.io/rack=r'], true],
  ['of another project', 'q', [own], false],
  ['without an allocation', undefined, [own], false],
  ['of another cluster, too', 'p', [own, 'cluster.metal-stack.io/id=d'], false],
  ['an egress tag of another cluster', 'p', [own, 'cluster.metal-stack.io/id/egress=d'], false],
  ['of none', 'p', [], false],
])('%s', (_, project, tags, expected) => {
  const found = machine.parse({ id: 'm', tags, ...(project ? { allocation: { project } } : {}) });
  expect(isWhollyOf(found, scope)).toBe(expected);
});
