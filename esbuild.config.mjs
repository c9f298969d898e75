import { chmod, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';

const outdir = 'dist';
const chunks = 'chunks';

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

const { metafile } = await build({
  entryPoints: ['src/main.ts'],
  outdir,
  outExtension: { '.js': '.mjs' },
  // What is imported on demand is in files of its own: a process reads only what its command needs.
  splitting: true,
  chunkNames: `${chunks}/[name]-[hash]`,
  metafile: true,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node22',
  sourcemap: true,
  legalComments: 'none',
  plugins: [shakeClientNode],
  banner: {
    // CommonJS dependencies call require(), which an ES module does not have.
    js: "#!/usr/bin/env node\nimport { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);",
  },
});
await chmod(join(outdir, 'main.mjs'), 0o755);
// Only now, and only what the build before left: a process that was started from it may still be loading.
for (const name of await readdir(join(outdir, chunks))) {
  const path = join(outdir, chunks, name);
  if (!(path in metafile.outputs)) await rm(path);
}
