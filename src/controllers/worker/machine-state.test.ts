import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { decodeMachineState, encodeMachineState } from './machine-state.ts';

const packed = (text: string) => ({ state: gzipSync(text).toString('base64') });
const spec = { class: { kind: 'MachineClass', name: 'c' } };

describe('decodeMachineState', () => {
  it('reads what gardenlet writes', async () => {
    const machine = {
      metadata: { name: 'm', labels: { node: 'n' } },
      spec: { ...spec, providerID: 'metal://x' },
      status: {},
    };
    const set = { metadata: { name: 's' }, spec: { replicas: 1, template: { spec } } };
    const text = JSON.stringify({
      machineDeployments: { d: { replicas: 2, machineSets: [set], machines: [machine] }, e: {} },
    });
    expect(await decodeMachineState(packed(text))).toEqual(
      new Map([
        ['d', { replicas: 2, machineSets: [set], machines: [machine] }],
        ['e', { replicas: 0, machineSets: [], machines: [] }],
      ]),
    );
  });

  it.each([[undefined], [null], [{}], [{ state: null }], [{ state: '' }]])('takes %j for no state', async (state) => {
    expect(await decodeMachineState(state)).toEqual(new Map());
  });

  it.each<[string, unknown]>([
    ['a text', 'x'],
    ['not base64', { state: '???' }],
    ['not gzip', { state: btoa('x') }],
    ['not JSON', packed('x')],
    ['other JSON', packed('[]')],
    ['a machine without a name', packed('{"machineDeployments":{"d":{"machines":[{"metadata":{},"spec":{}}]}}}')],
  ])('refuses %s', async (_, state) => {
    await expect(decodeMachineState(state)).rejects.toThrow('not a machine state');
  });
});

it('reads back what it writes', async () => {
  const state = new Map([['d', { replicas: 3, machineSets: [], machines: [{ metadata: { name: 'm' }, spec }] }]]);
  expect(await decodeMachineState(await encodeMachineState(state))).toEqual(state);
});
