import { describe, expect, test } from 'vitest';
import type { ExtensionObject } from '../../src/apis/extensions/extension.ts';
import { mustAskAgain, operationAnnotation, readiness, timestampAnnotation } from './readiness.ts';

const succeeded = {
  description: 'done',
  lastUpdateTime: '2026-01-02T03:04:05Z',
  progress: 100,
  state: 'Succeeded',
  type: 'Create',
} as const;

interface Change {
  readonly annotations?: Record<string, string>;
  readonly status?: Partial<NonNullable<ExtensionObject['status']>> | undefined;
}

function object({ annotations = {}, status = {} }: Change = {}): ExtensionObject {
  const metadata = {
    name: 'x',
    generation: 2,
    annotations: { [timestampAnnotation]: '2026-01-02T03:04:05Z', ...annotations },
  };
  return { metadata, spec: { type: 'metal' }, status: { observedGeneration: 2, lastOperation: succeeded, ...status } };
}

const lastError = { description: 'quota', codes: ['ERR_INFRA_QUOTA_EXCEEDED'] };
const processing = { ...succeeded, state: 'Processing' } as const;

describe('readiness', () => {
  test.each<[string, Change]>([
    ['all conditions hold', {}],
    [
      'asked in the second in which it ended',
      { annotations: { [timestampAnnotation]: '2026-01-02T03:04:05.999999999Z' } },
    ],
    ['asked before, in another zone', { annotations: { [timestampAnnotation]: '2026-01-02T04:04:05+01:00' } }],
  ])('ready: %s', (_name, change) => {
    expect(readiness(object(change))).toEqual({ ready: true });
  });

  test.each<[string, Change, RegExp]>([
    [
      '1: an error, whatever else',
      { status: { lastError, observedGeneration: 1, lastOperation: processing } },
      /quota/,
    ],
    ['2: old generation', { status: { observedGeneration: 1, lastOperation: processing } }, /observed generation is 1/],
    [
      '3: not picked up',
      { annotations: { [operationAnnotation]: 'reconcile' }, status: { lastOperation: processing } },
      /picked up/,
    ],
    ['3: any value counts', { annotations: { [operationAnnotation]: '' } }, /picked up/],
    ['5: still at work', { status: { lastOperation: processing } }, /Processing/],
    ['6: no time', { annotations: { [timestampAnnotation]: 'yesterday' } }, /not RFC 3339/],
    [
      '6: asked a second later',
      { annotations: { [timestampAnnotation]: '2026-01-02T03:04:06.0Z' } },
      /before it was asked/,
    ],
  ])('not ready, %s', (_name, change, reason) => {
    const severe = reason.source === 'quota';
    const codes = severe ? lastError.codes : [];
    expect(readiness(object(change))).toEqual({ ready: false, reason: expect.stringMatching(reason), severe, codes });
  });

  test('4: no last operation', () => {
    const { lastOperation: _none, ...status } = object().status ?? {};
    expect(readiness({ ...object(), status })).toMatchObject({ reason: expect.stringMatching(/not recorded/) });
  });

  test('an object without a status was never looked at', () => {
    const { status: _none, ...bare } = object();
    expect(readiness(bare)).toMatchObject({ ready: false, reason: expect.stringMatching(/observed generation is 0/) });
  });

  test('without a timestamp nothing was asked for', () => {
    const { annotations: _none, ...metadata } = object().metadata;
    expect(readiness({ ...object(), metadata })).toEqual({ ready: true });
  });

  test.each([
    ['2026-01-02T03:04:05Z', true],
    ['2026-01-02T03:04:04Z', false],
  ])('before all, the timestamp is the one that was written: %s', (expected, ready) => {
    expect(readiness(object(), expected).ready).toBe(ready);
  });
});

describe('mustAskAgain', () => {
  test.each<[string, Change, boolean]>([
    ['ready', {}, false],
    ['failed last time', { status: { lastOperation: { ...succeeded, state: 'Error' } } }, true],
    ['still at work', { status: { lastOperation: processing } }, true],
    ['timestamp unreadable', { annotations: { [timestampAnnotation]: '?' } }, true],
    ['timestamp newer than the answer', { annotations: { [timestampAnnotation]: '2026-01-02T03:04:06Z' } }, true],
    ['timestamp in the same second', { annotations: { [timestampAnnotation]: '2026-01-02T03:04:05.9Z' } }, false],
  ])('%s', (_name, change, expected) => {
    expect(mustAskAgain(object(change))).toBe(expected);
  });

  test('not for an object that was never worked on', () => {
    const { status: _none, ...bare } = object();
    expect(mustAskAgain(bare)).toBe(false);
  });
});
