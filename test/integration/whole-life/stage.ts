import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { destination } from 'pino';
import { startControlPlane } from '../../../landscape/control-plane/control-plane.ts';
import { defaultFixture, PROJECT } from '../../../landscape/metal-api/fixture.ts';
import { defaultAuth } from '../../../landscape/metal-api/http/auth.ts';
import { type MetalApi, startMetalApi } from '../../../landscape/metal-api/server.ts';
import type { Parts } from '../../../landscape/parts/catalog.ts';
import { silentProgress } from '../../../landscape/progress.ts';
import type { KubeClient } from '../../../src/kube/client.ts';
import { createKubeClient } from '../../../src/kube/http-client.ts';
import { createLogger } from '../../../src/telemetry/log.ts';
import { startAdmission } from '../admission-process.ts';
import { fillGarden } from './garden.ts';
import { reportExtensions, reportLogs } from './report.ts';
import { type Seed, startSeed } from './seed.ts';

/** A garden with Gardener's API and two seeds, each with everything that runs beside an extension. */
export interface Stage extends AsyncDisposable {
  readonly dir: string;
  readonly garden: KubeClient;
  readonly metalApi: MetalApi;
  /** Garden and seed `local` are one API server. */
  readonly gardenKubeconfig: string;
  readonly shootKubeconfig: string;
  readonly local: Seed;
  /** metal-api takes another key from now on, and not the one before; the new one. */
  exchangeHmac(): string;
  /** Prints the ends of all logs, and what the extension says. */
  report(): Promise<void>;
  /** Starts the seed `second`, with an API server of its own. Its Shoots have the API server that they had before. */
  second(): Promise<Seed & { readonly kubeconfig: string }>;
}

const hmac = 'metal-admin';
const egress = { ipaddress: '203.0.113.10', networkid: 'internet', projectid: PROJECT, type: 'static' } as const;

export async function startStage(dir: string, parts: Parts): Promise<Stage> {
  await using started = new AsyncDisposableStack();
  started.defer(() => rm(dir, { recursive: true, force: true }));
  const options = { parts, progress: silentProgress, workloads: true };
  const plane = started.use(
    await startControlPlane({ ...options, dir: join(dir, 'local'), shoot: true, gardener: true }),
  );
  const admin = { authType: 'Metal-Admin', role: 'admin' as const, lifetimeMs: 90_000, key: hmac };
  const metalApi = await startMetalApi({
    auth: { ...defaultAuth, hmac: [admin] },
    fixture: { ...defaultFixture(), ips: [{ ...egress, name: 'egress of the example' }] },
    errorBody: 'string',
    timing: { provisioningMs: 0, reclaimMs: 0 },
  });
  started.defer(() => metalApi.close());
  const garden = createKubeClient({ kubeconfig: plane.garden.kubeconfig, userAgent: 'user' });
  started.defer(() => garden.close());
  const file = destination({ dest: join(dir, 'local', 'logs', 'gardenlet.log'), mkdir: true, sync: true });
  const log = createLogger({ name: 'gardenlet', level: 'info', format: 'text', destination: file });
  const seed = { garden, parts, log };
  const metalControl = new URL('/_simulator', metalApi.url).href;
  const { kubeconfig } = plane.garden;
  const local = started.use(await startSeed({ ...seed, name: 'local', plane, metalControl }));
  started.use(
    await startAdmission({ dir: join(plane.dir, 'logs'), kubeconfig, namespace: 'garden', name: 'admission' }),
  );
  await fillGarden(garden, { metalApiUrl: metalApi.url, metalApiHmac: hmac });

  const rest = started.move();
  return {
    ...{ dir, garden, metalApi, local, gardenKubeconfig: kubeconfig },
    shootKubeconfig: plane.shoot?.kubeconfig ?? '',
    exchangeHmac() {
      admin.key = `${admin.key}-new`;
      return admin.key;
    },
    async report() {
      await reportLogs([join(dir, 'local', 'logs'), join(dir, 'second', 'logs')]);
      await reportExtensions(garden);
    },
    async second() {
      const other = rest.use(await startControlPlane({ ...options, dir: join(dir, 'second') }));
      const shared = { ...other, ca: plane.ca, ...(plane.shoot ? { shoot: plane.shoot } : {}) };
      const second = rest.use(await startSeed({ ...seed, name: 'second', plane: shared }));
      return { ...second, kubeconfig: other.garden.kubeconfig };
    },
    [Symbol.asyncDispose]: () => rest.disposeAsync(),
  };
}
