import { describe, expect, it } from 'vitest';
import type { LastOperation } from '../../apis/extensions/extension.ts';
import { asked, extension, lastOperation, lastSecond } from './fixtures.ts';
import { bringsOnlyTime, changed, failed, processing, statusTime, succeeded } from './status.ts';

const words = { noun: 'infrastructure' };
const now = lastSecond + 10_900;

describe('statusTime', () => {
  it.each([
    ['in whole seconds', undefined, '2026-01-02T03:04:15Z'],
    ['meets a clock ahead of ours', '2026-01-02T03:04:17.123456789Z', '2026-01-02T03:04:17Z'],
    ['does not follow a clock that is far off', '2027-01-01T00:00:00Z', '2026-01-02T03:04:15Z'],
    ['does not go back', '2026-01-02T03:04:06Z', '2026-01-02T03:04:15Z'],
  ])('%s', (_, timestamp, expected) =>
    expect(statusTime(extension(timestamp ? { metadata: asked(timestamp) } : {}), now)).toBe(expected),
  );
});

describe('processing', () => {
  it('leaves lastError and observedGeneration', () =>
    expect(processing(extension(), 'Create', words, now)).toEqual({
      lastOperation: {
        type: 'Create',
        state: 'Processing',
        progress: 1,
        description: 'Creating the infrastructure',
        lastUpdateTime: '2026-01-02T03:04:15Z',
      },
    }));
});

describe('succeeded', () => {
  it('clears the error explicitly, and writes only what differs', () => {
    const object = extension({
      metadata: { generation: 3 },
      status: {
        observedGeneration: 2,
        lastError: { description: 'boom' },
        lastOperation: lastOperation('Reconcile', 'Error'),
        providerStatus: { a: 1 },
      },
    });
    const patch = succeeded(object, 'Reconcile', words, now, {
      status: { providerStatus: { a: 1 }, nodesCIDR: '10.0.0.0/22' },
    });
    expect(patch).toEqual({
      nodesCIDR: '10.0.0.0/22',
      observedGeneration: 3,
      lastError: null,
      lastOperation: expect.objectContaining({ state: 'Succeeded', progress: 100, type: 'Reconcile' }),
    });
  });

  it('shows when something is left for later', () =>
    expect(succeeded(extension(), 'Reconcile', words, now, { unfinished: true }).lastOperation).toMatchObject({
      state: 'Succeeded',
      progress: 99,
      description: 'Successfully reconciled infrastructure, will look at it again',
    }));

  it('always moves the time of the operation', () => {
    const object = extension({
      status: { observedGeneration: 1, lastOperation: lastOperation('Reconcile', 'Succeeded') },
    });
    expect(succeeded(object, 'Reconcile', words, now)).toEqual({
      lastOperation: expect.objectContaining({ lastUpdateTime: '2026-01-02T03:04:15Z' }),
    });
  });
});

describe('bringsOnlyTime', () => {
  const status = { observedGeneration: 1, lastOperation: lastOperation('Reconcile', 'Succeeded') };
  const { description: _, ...done } = succeeded(extension(), 'Reconcile', words, now).lastOperation as LastOperation;
  const later = { ...done, description: '' };
  it.each([
    ['the same, later', { lastOperation: later }, true],
    ['another type', { lastOperation: { ...later, type: 'Create' } }, false],
    ['more progress', { lastOperation: { ...later, progress: 99 } }, false],
    ['another field', { lastOperation: later, nodesCIDR: '10.0.0.0/22' }, false],
  ])('%s', (_, patch, expected) => expect(bringsOnlyTime(extension({ status }), patch)).toBe(expected));
});

describe('failed', () => {
  const problem = { message: 'metal-api is away', codes: ['ERR_B', 'ERR_A', 'ERR_B'] };

  it('says it in lastOperation and lastError, codes sorted and unique', () =>
    expect(failed(extension(), 'Create', words, now, problem)).toEqual({
      observedGeneration: 1,
      lastOperation: expect.objectContaining({ state: 'Error', type: 'Create', progress: 50 }),
      lastError: {
        description: 'Error creating infrastructure: metal-api is away',
        codes: ['ERR_A', 'ERR_B'],
        lastUpdateTime: '2026-01-02T03:04:15Z',
      },
    }));

  it('removes the codes of an earlier error', () =>
    expect(failed(extension(), 'Create', words, now, { message: 'x', codes: [] })?.lastError).toMatchObject({
      codes: null,
    }));

  it('is not said twice within a minute', () => {
    const said = failed(extension(), 'Create', words, now, problem);
    const object = extension({ status: said as never });
    expect(failed(object, 'Create', words, now + 30_000, problem)).toBeUndefined();
    expect(failed(object, 'Create', words, now + 90_000, problem)).toBeDefined();
    expect(failed(object, 'Create', words, now + 30_000, { ...problem, message: 'other' })).toBeDefined();
    expect(failed(object, 'Delete', words, now + 30_000, problem)).toBeDefined();
    expect(
      failed({ ...object, metadata: { ...object.metadata, generation: 2 } }, 'Create', words, now, problem),
    ).toBeDefined();
  });
});

describe('changed', () => {
  it('takes absent and null for the same', () =>
    expect(changed(extension({ status: { state: 1 } }), { state: 1, nodesCIDR: null, providerStatus: 2 })).toEqual({
      providerStatus: 2,
    }));
});
