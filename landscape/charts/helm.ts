import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { loadAll } from 'js-yaml';
import { toError } from '../../src/kube/errors.ts';
import type { KubeObject } from '../../src/kube/object.ts';

const chartsDir = fileURLToPath(new URL('../../charts', import.meta.url));
const admission = join(chartsDir, 'gardener-extension-admission-metal');

/** Directories. */
export const charts = {
  controllers: join(chartsDir, 'gardener-extension-provider-metal'),
  admission,
  runtime: join(admission, 'charts', 'runtime'),
  application: join(admission, 'charts', 'application'),
} as const;

/** An object of any kind, as a chart has it. */
export interface Rendered extends KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
}

export interface Helm {
  /** Standard output. Rejects with what helm says. */
  run(...args: readonly string[]): Promise<string>;
  /** What the chart is with these values. */
  template(chart: string, values: object, ...args: readonly string[]): Promise<Rendered[]>;
  /** The arguments that give helm these values. */
  values(values: object): Promise<string[]>;
}

/** `dir`: of helm's own files, and of values. */
export function createHelm(binary: string, dir: string, kubeconfig: string): Helm {
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: dir,
    HELM_CACHE_HOME: join(dir, 'cache'),
    HELM_CONFIG_HOME: join(dir, 'config'),
    HELM_DATA_HOME: join(dir, 'data'),
    KUBECONFIG: kubeconfig,
  };
  let files = 0;
  const run = async (...args: readonly string[]): Promise<string> => {
    try {
      const { stdout } = await promisify(execFile)(binary, args, { env, maxBuffer: 16 * 1024 * 1024 });
      return stdout;
    } catch (error) {
      const { stderr = '', stdout = '' } = error as { stderr?: string; stdout?: string };
      // Nothing when it could not even be started.
      const said = `${stderr}${stdout}` || toError(error).message;
      throw new Error(`helm ${args.join(' ')}: ${said}`);
    }
  };
  const values = async (content: object): Promise<string[]> => {
    await mkdir(dir, { recursive: true });
    files += 1;
    const file = join(dir, `values-${files}.json`);
    await writeFile(file, JSON.stringify(content));
    return ['--values', file];
  };
  return {
    run,
    values,
    async template(chart, content, ...args) {
      const text = await run('template', 'provider-metal', chart, ...(await values(content)), ...args);
      return (loadAll(text) as (Rendered | null)[]).filter((object) => object !== null);
    },
  };
}
