import { expect, test } from 'vitest';
import { volumeIDsOf } from './volumes.ts';

const csi = (driver: string, volumeHandle: string) => ({ csi: { driver, volumeHandle } });

test.each([
  ['of csi-driver-lvm is the handle', csi('lvm.csi.metal-stack.io', 'pvc-1'), ['pvc-1']],
  ['of lightbits is the nguid', csi('csi.lightbitslabs.com', 'mgmt:10.0.0.1:443|nguid:6bb3|proj:p'), ['6bb3']],
  ['of lightbits without nguid is the handle', csi('csi.lightbitslabs.com', 'mgmt:10.0.0.1'), ['mgmt:10.0.0.1']],
  ['of another driver is the handle', csi('example.org', 'nguid:x'), ['nguid:x']],
  ['of no CSI volume is none', { hostPath: { path: '/' } }, []],
  ['of nonsense is none', null, []],
])('the id %s', (_, spec, ids) => {
  expect(volumeIDsOf([spec])).toEqual(ids);
});
