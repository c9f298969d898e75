import { expect, test } from 'vitest';
import { createRollout } from './rollout.ts';

const template = { spec: { containers: [] } };

/** A rollout whose pods are named by their templates; they become ready, and end, when the test says so. */
function stage() {
  const pods = new Map<string, { isReady: boolean; stop(): Promise<void> }>();
  const ends = new Map<string, () => void>();
  const stopped: string[] = [];
  const started: string[] = [];
  const rollout = createRollout(({ hash }) => {
    started.push(hash);
    const { promise, resolve } = Promise.withResolvers<void>();
    const stop = () => {
      stopped.push(hash);
      return promise;
    };
    const pod = { isReady: false, stop };
    ends.set(hash, resolve);
    pods.set(hash, pod);
    return pod;
  });
  const isReady = (hash: string) => {
    const pod = pods.get(hash);
    if (pod) pod.isReady = true;
  };
  return {
    ...{ rollout, started, stopped, end: (hash: string) => ends.get(hash)?.() },
    want: (hash: string, { sideBySide = true } = {}) => rollout.want({ hash, template }, sideBySide),
    isReady,
    becomesReady(hash: string) {
      isReady(hash);
      rollout.retire();
    },
  };
}

test('the old pod serves until the new one is ready, and only then is told to end', async () => {
  const { rollout, want, becomesReady, stopped } = stage();
  await want('old');
  becomesReady('old');
  await want('new');
  rollout.retire();
  expect(rollout).toMatchObject({ wanted: { hash: 'new' }, serving: { hash: 'old' }, hashes: ['new', 'old'] });
  expect(stopped).toEqual([]);
  becomesReady('new');
  expect(rollout).toMatchObject({ serving: { hash: 'new' }, hashes: ['new'] });
  expect(stopped).toEqual(['old']);
});

test('what must not run twice has ended before its successor starts', async () => {
  const { rollout, want, becomesReady, end, stopped } = stage();
  await want('old', { sideBySide: false });
  becomesReady('old');
  const replaced = want('new', { sideBySide: false });
  expect(stopped).toEqual(['old']);
  expect(rollout.wanted).toBeUndefined();
  end('old');
  await replaced;
  expect(rollout).toMatchObject({ serving: { hash: 'new' }, hashes: ['new'] });
});

test('a template that never became ready gives way, and the way back starts nothing', async () => {
  const { rollout, want, becomesReady, stopped } = stage();
  await want('good');
  becomesReady('good');
  await want('broken');
  await want('broken too');
  expect(stopped).toEqual(['broken']);
  await want('good');
  expect(stopped).toEqual(['broken', 'broken too']);
  expect(rollout).toMatchObject({ serving: { hash: 'good' }, hashes: ['good'] });
});

test('the way back before the old pod has retired starts and ends nothing', async () => {
  const { rollout, want, isReady, becomesReady, started, stopped } = stage();
  await want('old');
  becomesReady('old');
  await want('new');
  isReady('new');
  await want('old');
  expect([started, stopped]).toEqual([['old', 'new'], []]);
  expect(rollout).toMatchObject({ wanted: { hash: 'old' }, hashes: ['old', 'new'] });
});

test('the way back waits for the pod of the same name and directory', async () => {
  const { rollout, want, becomesReady, end, started } = stage();
  await want('old');
  becomesReady('old');
  await want('new');
  becomesReady('new');
  const back = want('old');
  await Promise.resolve();
  expect(started).toEqual(['old', 'new']);
  expect(rollout).toMatchObject({ serving: { hash: 'new' }, hashes: ['new'] });
  end('old');
  await back;
  expect(started).toEqual(['old', 'new', 'old']);
  expect(rollout).toMatchObject({ wanted: { hash: 'old' }, serving: { hash: 'new' }, hashes: ['old', 'new'] });
});

test('the end waits for all that still runs', async () => {
  const { rollout, want, becomesReady, end } = stage();
  await want('old');
  becomesReady('old');
  await want('new');
  becomesReady('new');
  const ended: string[] = [];
  const stopped = rollout.stop().then(() => ended.push('all'));
  end('new');
  await Promise.resolve();
  expect(ended).toEqual([]);
  end('old');
  await stopped;
  expect(rollout.hashes).toEqual([]);
});
