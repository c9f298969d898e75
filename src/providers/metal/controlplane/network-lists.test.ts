import { expect, test } from 'vitest';
import { createFakeClock } from '../../../kube/fake-clock.ts';
import type { MetalApi } from '../metal-api/client.ts';
import type { Network } from '../metal-api/types.ts';
import { createNetworkLists } from './network-lists.ts';

const network = (id: string): Network => ({
  id,
  prefixes: [],
  projectid: undefined,
  partitionid: undefined,
  description: undefined,
  labels: {},
  created: undefined,
});
const { signal } = new AbortController();

function start(...answers: (string[] | Error)[]) {
  const clock = createFakeClock();
  let calls = 0;
  const findNetworks = async () => {
    const answer = answers[calls++] ?? [];
    if (answer instanceof Error) throw answer;
    return answer.map(network);
  };
  const api = { findNetworks } as unknown as MetalApi;
  return { clock, api, lists: createNetworkLists(clock), calls: () => calls };
}

test('reconciles of the same moment share one list', async () => {
  const { api, lists, calls } = start(['a', 'b']);
  const [one, other] = await Promise.all([lists(api, ['a'], signal), lists(api, ['b'], signal)]);
  expect([...one.keys()]).toEqual(['a', 'b']);
  expect(other).toBe(one);
  expect(calls()).toBe(1);
});

test('a list is used for some seconds and no longer', async () => {
  const { clock, api, lists, calls } = start(['a'], ['a', 'b']);
  await lists(api, ['a'], signal);
  clock.advance(5_000);
  await lists(api, ['a'], signal);
  expect(calls()).toBe(1);
  clock.advance(1);
  expect((await lists(api, ['a'], signal)).has('b')).toBe(true);
  expect(calls()).toBe(2);
});

test('a network made a moment ago is found, by one more list for all who miss it', async () => {
  const { clock, api, lists, calls } = start(['a'], ['a', 'new']);
  await lists(api, ['a'], signal);
  clock.advance(1);
  const found = await Promise.all([lists(api, ['new'], signal), lists(api, ['a', 'new'], signal)]);
  expect(found.map((networks) => networks.has('new'))).toEqual([true, true]);
  expect(calls()).toBe(2);
});

test('what is missing from a fresh list is missing', async () => {
  const { api, lists, calls } = start(['a']);
  expect((await lists(api, ['none'], signal)).has('none')).toBe(false);
  expect(calls()).toBe(1);
});

test('a failure is not kept', async () => {
  const { api, lists } = start(new Error('down'), ['a']);
  await expect(lists(api, ['a'], signal)).rejects.toThrow('down');
  expect((await lists(api, ['a'], signal)).has('a')).toBe(true);
});

test('who gives up does not take the list from the others', async () => {
  const { api, lists, calls } = start(['a']);
  const impatient = new AbortController();
  const given = lists(api, ['a'], impatient.signal);
  const patient = lists(api, ['a'], signal);
  impatient.abort(new Error('enough'));
  await expect(given).rejects.toThrow('enough');
  expect((await patient).has('a')).toBe(true);
  expect(calls()).toBe(1);
});
