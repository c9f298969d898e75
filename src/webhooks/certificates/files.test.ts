import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { systemClock } from '../../kube/clock.ts';
import { createFakeLog } from '../../kube/fake-log.ts';
import { issueAuthority, type KeyPair } from '../../pki/issue.ts';
import { createCertificateFiles } from './files.ts';

const validity = { from: Date.now(), until: Date.now() + 3_600_000 };
let directory: string;
let stop: AbortController;
const open = () => createCertificateFiles({ directory, clock: systemClock, log: createFakeLog(), pollMs: 5 });
const put = (name: string, content: string) => writeFile(join(directory, name), content);
const putPair = async ({ cert, key }: KeyPair) => {
  await put('tls.crt', cert);
  await put('tls.key', key);
};

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'certificates-'));
  stop = new AbortController();
});
afterEach(async () => {
  stop.abort(new Error('done'));
  await rm(directory, { recursive: true });
});

it('reads files, also when they come late or are replaced one after the other', async () => {
  const [one, two] = [await issueAuthority('one', validity), await issueAuthority('two', validity)];
  const files = open();
  const opening = files.open(stop.signal);
  await put('tls.crt', one.cert);
  await put('tls.key', 'half');
  await put('tls.key', one.key);
  await put('ca.crt', 'CA');
  expect(await opening).toEqual(one);
  const seen: KeyPair[] = [];
  const watching = files.watch((pair) => seen.push(pair), stop.signal);
  await putPair(two);
  await vi.waitFor(() => expect(seen).toEqual([two]));
  stop.abort(new Error('done'));
  await watching;
});

it('tells whom to trust if that is there', async () => {
  await putPair(await issueAuthority('one', validity));
  const publish = vi.fn(() => Promise.resolve());
  const files = open();
  await files.open(stop.signal);
  await files.maintain(publish, stop.signal);
  await put('ca.crt', 'CA');
  await files.open(stop.signal);
  await files.maintain(publish, stop.signal);
  expect(publish.mock.calls.map(([bundle]: unknown[]) => bundle)).toEqual([undefined, 'CA']);
});
