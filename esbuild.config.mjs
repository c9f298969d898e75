import { chmod } from 'node:fs/promises';
import { basename } from 'node:path';
import { build } from 'esbuild';
import manifest from './package.json' with { type: 'json' };

const outdir = 'dist';

/**
 * client-node says nothing of side effects, so its whole API (200,000 generated lines) would be bundled for the one class
 * that is used. It has none: what is not used is left out, and the process needs a seventh less memory.
 */
const shakeClientNode = {
  name: 'shake-client-node',
  setup(bundle) {
    bundle.onResolve(
      { filter: /^(@kubernetes\/client-node$|\.)/ },
      async ({ path, importer, resolveDir, kind, pluginData }) => {
        const ofClientNode = path.startsWith('@') || importer.includes('/@kubernetes/client-node/');
        if (pluginData === 'resolved' || !ofClientNode) return undefined;
        const resolved = await bundle.resolve(path, { importer, resolveDir, kind, pluginData: 'resolved' });
        return { ...resolved, sideEffects: false };
      },
    );
  },
};

/**
 * What dependencies load but never call here. client-node is asked for credentials, not for connections, so its agents
 * are made and thrown away; prom-client needs OpenTelemetry for exemplars only; express offers body-parser, which brings
 * the tables of all character sets. Together they would be half of the bundle.
 */
const unused = {
  undici: 'export class Agent {} export class ProxyAgent {} export const fetch = globalThis.fetch;',
  hpagent: 'export class HttpProxyAgent {} export class HttpsProxyAgent {}',
  'socks-proxy-agent': 'export class SocksProxyAgent {}',
  socks: 'export class SocksClient {}',
  '@opentelemetry/api': 'export const trace = undefined; export const context = undefined;',
  'body-parser': 'export const json = undefined, raw = undefined, text = undefined, urlencoded = undefined;',
};

const leaveOutUnused = {
  name: 'leave-out-unused',
  setup(bundle) {
    bundle.onResolve({ filter: new RegExp(`^(${Object.keys(unused).join('|')})$`) }, ({ path, importer }) =>
      importer.includes('/node_modules/') ? { path, namespace: 'unused', sideEffects: false } : undefined,
    );
    bundle.onLoad({ filter: /.*/, namespace: 'unused' }, ({ path }) => ({ contents: unused[path] }));
  },
};

const version = (process.env.VERSION ?? manifest.version).replace(/^v/, '');

const common = {
  bundle: true,
  platform: 'node',
  target: 'node22',
  // Names stay, so that a stack trace can be read without the source maps.
  minifySyntax: true,
  minifyWhitespace: true,
  sourcemap: true,
  legalComments: 'none',
  define: { ESPALIER_VERSION: JSON.stringify(`v${version}`) },
};

/** What is imported on demand and has a bundle of its own: a process reads only what its command needs. */
const onDemand = {
  espalier: 'src/espalier.ts',
  'admission-run': 'src/commands/admission-run.ts',
  'controllers-run': 'src/commands/controllers-run.ts',
  'machine-controller-run': 'src/commands/machine-controller-run.ts',
  'plan-run': 'src/commands/plan-run.ts',
  'doctor-run': 'src/commands/doctor-run.ts',
};

const besideEachOther = {
  name: 'beside-each-other',
  setup(bundle) {
    bundle.onResolve({ filter: new RegExp(`/(${Object.keys(onDemand).join('|')})\\.ts$`) }, ({ path, kind }) =>
      kind === 'dynamic-import' ? { path: `./${basename(path, '.ts')}.cjs`, external: true } : undefined,
    );
  },
};

/**
 * CommonJS, because `import 'node:http'` in an ES module reads all that node:http exports, WebSocket included, and so
 * loads the copy of undici inside of Node: 40 ms of CPU and some MiB at every start.
 */
await build({
  ...common,
  entryPoints: Object.entries(onDemand).map(([out, path]) => ({ out, in: path })),
  outdir,
  outExtension: { '.js': '.cjs' },
  format: 'cjs',
  define: { ...common.define, 'import.meta.dirname': '__dirname' },
  plugins: [shakeClientNode, leaveOutUnused, besideEachOther],
});

await build({
  ...common,
  entryPoints: ['src/main.ts'],
  outfile: `${outdir}/main.mjs`,
  format: 'esm',
  banner: { js: '#!/usr/bin/env node' },
  plugins: [besideEachOther],
});
await chmod(`${outdir}/main.mjs`, 0o755);
