import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { infrastructures } from '../../src/apis/extensions/resources.ts';
import { toError } from '../../src/kube/errors.ts';
import { keyOf, parseKey } from '../../src/kube/object.ts';
import { releaseLog } from '../charts/run.ts';
import { applyExample } from '../garden/content.ts';
import { examplePath } from '../garden/manifests.ts';
import { shoots } from '../gardenlet/resources.ts';
import { createProgress, type Progress } from '../progress.ts';
import { type AdmissionOutcome, admissionText, askAdmission, refusedExample } from './admission-report.ts';
import { noCluster, readCluster } from './cluster-state.ts';
import { createFollower, type Follower, type Verdict } from './follow.ts';
import { type Landscape, startLandscape } from './landscape.ts';
import { type MetalState, type Outcome, outcomeOf } from './outcome.ts';
import { nextSteps, shootTable } from './report.ts';
import type { Settings } from './settings.ts';

const dir = fileURLToPath(new URL('../../.landscape', import.meta.url));

interface Run {
  readonly settings: Settings;
  readonly progress: Progress;
  readonly follower: Follower;
  readonly landscape: Landscape;
  /** Aborted by the user, or when a part has ended that cannot be brought back. */
  readonly signal: AbortSignal;
}

/**
 * `make up`: a landscape, the example Shoot in it, and what became of it. Resolves with the exit code after everything has
 * been stopped: when the example has come out (ONCE), when the user interrupts, or when a part fails for good.
 */
export async function up(settings: Settings, interrupted: AbortSignal): Promise<number> {
  const progress = createProgress();
  const follower = createFollower(progress);
  try {
    const landscape = await startLandscape({ dir, progress, signal: interrupted, onShoot: follower.onShoot });
    const signal = AbortSignal.any([interrupted, landscape.failure]);
    try {
      return await show({ settings, progress, follower, landscape, signal });
    } finally {
      progress.note('stopping');
      await landscape.stop();
    }
  } catch (error) {
    const reason = toError(error).message;
    process.stderr.write(`\n${reason}\n`);
    if (settings.json) printJson(nothing(reason));
    return interrupted.aborted ? 130 : 1;
  } finally {
    progress.close();
  }
}

async function show(run: Run): Promise<number> {
  const { settings, signal, progress, landscape } = run;
  const start = performance.now();
  const shoot = await applyShoot(run);
  const [verdict, admission] = await Promise.all([verdictOf(run, shoot), admissionOf(run, shoot)]);
  signal.throwIfAborted();
  const seconds = Math.round((performance.now() - start) / 100) / 10;
  const outcome = await readOutcome(landscape, shoot, seconds, verdict);
  if (settings.json) printJson({ ...outcome, admission });
  else process.stderr.write(`\n${title(outcome)}\n${shootTable(outcome)}\n\n${admissionText(admission)}\n`);
  if (!verdict.ready) process.stderr.write(`\nLogs to read: ${logs(landscape)}\n`);
  if (settings.once) return verdict.ready ? 0 : 1;
  process.stderr.write(`\n${nextSteps(places(landscape, outcome))}\nCtrl-C stops everything.\n\n`);
  await interruption(signal);
  if (landscape.failure.aborted) throw landscape.failure.reason;
  progress.note('interrupted');
  return 0;
}

async function applyShoot({ landscape, signal }: Run): Promise<string> {
  const { client, metalApi } = landscape;
  const values = { metalApiUrl: metalApi.url, metalApiHmac: metalApi.hmac };
  const [shoot] = await applyExample(client, 'shoot.yaml', values, signal);
  if (!shoot) throw new Error('example/shoot.yaml is empty');
  return keyOf(shoot.metadata);
}

async function admissionOf({ landscape, signal }: Run, shoot: string): Promise<AdmissionOutcome> {
  const { client, kubectl, plane } = landscape;
  const stored = await client.find(shoots, parseKey(shoot), { signal });
  return askAdmission(
    { kubectl, kubeconfig: plane.garden.kubeconfig, signal },
    stored,
    here(examplePath(refusedExample)),
  );
}

/** Bounded: what has neither succeeded nor failed by then is not ready, for the last reason that is known. */
async function verdictOf({ follower, settings, signal }: Run, shoot: string): Promise<Verdict> {
  const timeout = AbortSignal.timeout(settings.timeoutMs);
  try {
    return await follower.outcome(shoot, AbortSignal.any([signal, timeout]));
  } catch (error) {
    if (!timeout.aborted || signal.aborted) throw error;
    const problem = follower.lastProblem(shoot) ?? 'no error was reported';
    return { ready: false, reason: `not ready after ${settings.timeoutMs / 1000} s: ${problem}` };
  }
}

async function readOutcome(landscape: Landscape, shoot: string, seconds: number, verdict: Verdict): Promise<Outcome> {
  const { client, metalApi } = landscape;
  const key = parseKey(shoot);
  const object = await client.find(shoots, key);
  const namespace = object?.status?.technicalID;
  const infrastructure = namespace ? await client.find(infrastructures, { namespace, name: key.name }) : undefined;
  const state = (await (await fetch(`${metalApi.control}/state`)).json()) as MetalState;
  const cluster = namespace ? await readCluster(client, landscape.shoot, namespace) : noCluster;
  return outcomeOf(object, infrastructure, state, cluster, {
    shoot,
    seconds,
    reason: verdict.ready ? undefined : verdict.reason,
  });
}

/** What is told when it did not even come to a Shoot. */
function nothing(reason: string): Outcome {
  const empty: MetalState = { networks: [], ips: [], machines: [] };
  return outcomeOf(undefined, undefined, empty, noCluster, { shoot: 'garden-local/example', seconds: 0, reason });
}

function title({ shoot, ready, seconds, reason }: Outcome): string {
  return ready ? `${shoot} is ready after ${seconds} s` : `${shoot} is not ready: ${reason}`;
}

const here = (path: string): string => relative(process.cwd(), path) || '.';

function logs({ dir: landscape, espalier }: Landscape): string {
  const ofCharts = [espalier.admission, espalier.controllers].map((release) => releaseLog(landscape, release));
  return [...ofCharts, join(landscape, 'logs', 'gardenlet.log')].map(here).join(', ');
}

function places({ dir: landscape, metalApi }: Landscape, { shoot, technicalID }: Outcome) {
  return {
    dir: here(landscape),
    example: here(examplePath('.')),
    metalControl: metalApi.control,
    namespace: parseKey(shoot).namespace ?? '',
    technicalID,
  };
}

function printJson(document: object): void {
  process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
}

function interruption(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    // A timer keeps the process alive although nothing else may.
    const alive = setInterval(() => {}, 3_600_000);
    const end = (): void => {
      clearInterval(alive);
      resolve();
    };
    signal.addEventListener('abort', end, { once: true });
  });
}
