import { mkdir, rm } from 'node:fs/promises';
import { type ControlPlane, startControlPlane } from '../../landscape/control-plane/control-plane.ts';
import { readExample } from '../../landscape/garden/manifests.ts';
import { createOrPatch } from '../../landscape/gardenlet/merge.ts';
import { type CloudProfile, cloudProfiles, namespaces } from '../../landscape/gardenlet/resources.ts';
import type { Parts } from '../../landscape/parts/catalog.ts';
import { silentProgress } from '../../landscape/progress.ts';
import { createKubeClient } from '../../src/kube/http-client.ts';
import { readUsage } from '../scene/usage.ts';
import { type AdmissionServer, startAdmission, startBareServer } from './admission-servers.ts';
import { applyLoad } from './https-load.ts';
import { type Review, readReviews } from './reviews.ts';

/** Of one review over so many connections; the median of all rounds. */
interface ReviewFigures {
  readonly title: string;
  readonly connections: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Of the server, each request. */
  readonly cpuMs: number;
  /** Requests per second of the bare server with the same body. */
  readonly floorPerSecond: number;
  readonly floorCpuMs: number;
}

export interface AdmissionFigures {
  readonly reviews: readonly ReviewFigures[];
  readonly startSeconds: number;
  readonly firstStartSeconds: number;
  readonly idleMiB: number;
  readonly loadedMiB: number;
  readonly peakMiB: number;
}

export interface AdmissionOptions {
  readonly dir: string;
  readonly parts: Parts;
  /** Of each line, in each round. */
  readonly requests: number;
  /** Rounds alternate between the servers, so that both meet the same noise of the machine. */
  readonly rounds: number;
}

const starts = 5;
const abreast = [1, 16];

/** `espalier admission` under load, beside a server that only parses. Each gets a warm-up that is not counted. */
export async function measureAdmission(options: AdmissionOptions): Promise<AdmissionFigures> {
  const { dir, parts } = options;
  const plane = await startControlPlane({ dir, parts, progress: silentProgress, gardener: true });
  try {
    await mkdir(dir, { recursive: true });
    return await measure(options, plane);
  } finally {
    await plane.stop();
    await rm(dir, { recursive: true, force: true });
  }
}

async function measure(options: AdmissionOptions, { garden }: ControlPlane): Promise<AdmissionFigures> {
  const { dir } = options;
  const spaces = Array.from({ length: starts }, (_, index) => `admission-${index}`);
  await fillGarden(garden.kubeconfig, spaces);
  const first: number[] = [];
  const again: number[] = [];
  for (const space of spaces) {
    for (const seconds of [first, again]) {
      const admission = await startAdmission(dir, garden.kubeconfig, space);
      seconds.push(admission.startSeconds);
      await admission.process.stop();
    }
  }
  const bare = await startBareServer(dir);
  await using _bare = bare.process;
  const admission = await startAdmission(dir, garden.kubeconfig, spaces[0] ?? '');
  await using _admission = admission.process;
  const idle = await readUsage(admission.process.pid);
  const reviews: ReviewFigures[] = [];
  for (const review of await readReviews()) {
    for (const connections of abreast) reviews.push(await measureReview(options, review, connections, admission, bare));
  }
  const loaded = await readUsage(admission.process.pid);
  return {
    reviews,
    startSeconds: median(again),
    firstStartSeconds: median(first),
    idleMiB: idle.residentMiB,
    loadedMiB: loaded.residentMiB,
    peakMiB: loaded.peakMiB,
  };
}

/** The CloudProfile that the reviews name, and where certificates are kept. */
async function fillGarden(kubeconfig: string, spaces: readonly string[]): Promise<void> {
  const { signal } = new AbortController();
  const client = createKubeClient({ kubeconfig });
  try {
    for (const profile of await readExample('cloudprofile.yaml')) {
      await createOrPatch(
        client,
        cloudProfiles,
        { name: profile.metadata.name },
        () => profile as unknown as CloudProfile,
        signal,
      );
    }
    for (const name of spaces) {
      const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
      await createOrPatch(client, namespaces, { name }, () => namespace, signal);
    }
  } finally {
    await client.close();
  }
}

async function measureReview(
  { requests, rounds }: AdmissionOptions,
  review: Review,
  connections: number,
  admission: AdmissionServer,
  bare: AdmissionServer,
): Promise<ReviewFigures> {
  const { answer } = await applyLoad({ ...review, port: admission.port }, connections, requests);
  if (!review.expected.test(answer)) throw new Error(`${review.title}: unexpected answer: ${answer}`);
  await applyLoad({ ...review, port: bare.port }, connections, requests);
  const ours: Round[] = [];
  const floor: Round[] = [];
  for (let round = 0; round < rounds; round++) {
    floor.push(await measureRound(bare, review, connections, requests));
    ours.push(await measureRound(admission, review, connections, requests));
  }
  const middle = (all: readonly Round[], name: keyof Round) => median(all.map((round) => round[name]));
  return {
    title: review.title,
    connections,
    perSecond: middle(ours, 'perSecond'),
    p50Ms: middle(ours, 'p50Ms'),
    p99Ms: middle(ours, 'p99Ms'),
    cpuMs: middle(ours, 'cpuMs'),
    floorPerSecond: middle(floor, 'perSecond'),
    floorCpuMs: middle(floor, 'cpuMs'),
  };
}

type Round = Pick<ReviewFigures, 'perSecond' | 'p50Ms' | 'p99Ms' | 'cpuMs'>;

async function measureRound(
  server: AdmissionServer,
  review: Review,
  connections: number,
  requests: number,
): Promise<Round> {
  const before = await readUsage(server.process.pid);
  const { seconds, latencies } = await applyLoad({ ...review, port: server.port }, connections, requests);
  const after = await readUsage(server.process.pid);
  const at = (share: number) => latencies[Math.min(requests - 1, Math.floor(requests * share))] ?? 0;
  return {
    perSecond: requests / seconds,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    cpuMs: ((after.cpuSeconds - before.cpuSeconds) * 1000) / requests,
  };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
