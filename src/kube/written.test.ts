import { describe, expect, test } from 'vitest';
import { createFakeClock } from './fake-clock.ts';
import type { KubeObject } from './object.ts';
import { createReadYourWrites } from './written.ts';

const object = (name: string, resourceVersion: number, uid = 'u'): KubeObject => ({
  metadata: { name, uid, resourceVersion: String(resourceVersion) },
});

function setup() {
  const held = new Map<string, KubeObject>();
  const lister = { get: (key: string) => held.get(key), resourceVersion: '0' };
  const clock = createFakeClock();
  return { held, lister, clock, written: createReadYourWrites<KubeObject>(lister, clock) };
}

describe('createReadYourWrites', () => {
  test('the remembered object is newest until the lister has come to it', () => {
    const { held, lister, written } = setup();
    held.set('a', object('a', 99));
    written.remember(object('a', 100));
    expect(written.newest('a')?.metadata.resourceVersion).toBe('100');
    held.set('a', object('a', 101));
    lister.resourceVersion = '101';
    expect(written.newest('a')?.metadata.resourceVersion).toBe('101');
  });

  test('an object that was created and deleted before the answer was remembered is gone', () => {
    const { lister, written } = setup();
    lister.resourceVersion = '12';
    written.remember(object('a', 10));
    expect(written.newest('a')).toBeUndefined();
  });

  test('a deletion that the lister saw ends the memory, also when other objects brought it so far', () => {
    const { lister, written } = setup();
    written.remember(object('a', 10));
    expect(written.newest('a')).toBeDefined();
    lister.resourceVersion = '11';
    expect(written.newest('a')).toBeUndefined();
  });

  test('an object recreated with another uid wins over what was written to its predecessor', () => {
    const { held, written } = setup();
    written.remember(object('a', 10, 'old'));
    held.set('a', object('a', 20, 'new'));
    expect(written.newest('a')?.metadata.uid).toBe('new');
  });

  test('answers that arrive out of order do not go back', () => {
    const { written } = setup();
    written.remember(object('a', 10));
    written.remember(object('a', 9));
    expect(written.newest('a')?.metadata.resourceVersion).toBe('10');
  });

  test('without a version of the lister, its object is compared', () => {
    const held = new Map([['a', object('a', 10)]]);
    const written = createReadYourWrites<KubeObject>({ get: (key) => held.get(key) });
    written.remember(object('a', 11));
    expect(written.newest('a')?.metadata.resourceVersion).toBe('11');
    held.set('a', object('a', 11));
    expect(written.newest('a')).toBe(held.get('a'));
  });

  test('memory ends after five minutes when the versions went back', () => {
    const { clock, written } = setup();
    written.remember(object('a', 10));
    clock.advance(300_000);
    expect(written.newest('a')).toBeUndefined();
  });

  test('with a lister that stands still it holds the latest 10,000', () => {
    const { written } = setup();
    for (let i = 1; i <= 12_000; i += 1) written.remember(object(`o${i}`, i));
    expect(written.newest('o12000')).toBeDefined();
    expect(written.newest('o1')).toBeUndefined();
  });
});
