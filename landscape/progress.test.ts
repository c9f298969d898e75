import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { createFakeClock } from '../src/kube/fake-clock.ts';
import { inStep, liveProgress, plainProgress } from './progress.ts';

function recorder() {
  const written: string[] = [];
  return { isTTY: true, columns: 40, write: (text: string) => written.push(text), written };
}

describe('plain lines', () => {
  test('begin with the seconds since the start, and end with what a step took', () => {
    const clock = createFakeClock();
    const stream = recorder();
    const progress = plainProgress(stream, clock);
    clock.advance(1_500);
    const step = progress.step('build etcd');
    clock.advance(2_000);
    step.done();
    step.fail('too late');
    progress.note('hello');
    expect(stream.written).toEqual([
      '   1.5s  build etcd ...\n',
      '   3.5s  build etcd ok (2.0s)\n',
      '   3.5s  hello\n',
    ]);
  });

  test('show an update when nothing was said for a while', () => {
    const clock = createFakeClock();
    const stream = recorder();
    const step = plainProgress(stream, clock, 5_000).step('build');
    for (let package_ = 1; package_ <= 12; package_ += 1) {
      clock.advance(1_000);
      step.update(`package ${package_}`);
    }
    expect(stream.written.slice(1)).toEqual(['   5.0s  build ... package 5\n', '  10.0s  build ... package 10\n']);
  });
});

describe('live lines', () => {
  test('draw what runs below what ended', () => {
    const clock = createFakeClock();
    const stream = recorder();
    const progress = liveProgress(stream, clock);
    const etcd = progress.step('etcd');
    progress.step('API server').update('waits');
    clock.advance(100);
    etcd.done('port 1');
    const last = stream.written.at(-1) ?? '';
    expect(last.startsWith('\u001b[2A\u001b[J')).toBe(true);
    expect(stripVTControlCharacters(last)).toMatch(/^✔ etcd: port 1 \(0\.1s\)\n. API server: waits 0\.1s\n$/);
  });

  test('never wrap, and stop drawing when closed or when nothing runs', () => {
    const clock = createFakeClock();
    const stream = recorder();
    const progress = liveProgress(stream, clock);
    const step = progress.step('x'.repeat(100));
    expect(stream.written.at(-1)).toHaveLength(40);
    clock.advance(1_000);
    expect(clock.pending).toBe(1);
    step.done();
    clock.advance(1_000);
    expect(clock.pending).toBe(0);
    progress.step('again');
    progress.close();
    clock.advance(1_000);
    expect(clock.pending).toBe(0);
  });
});

test('inStep fails with the first line of the error', async () => {
  const stream = recorder();
  const work = inStep(plainProgress(stream, createFakeClock()), 'etcd', async () => {
    throw new Error('exited\n  | long log');
  });
  await expect(work).rejects.toThrow('exited');
  expect(stream.written.at(-1)).toBe('   0.0s  etcd: exited failed (0.0s)\n');
});
