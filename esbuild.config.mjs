import { chmod } from 'node:fs/promises';
import { build } from 'esbuild';

const outfile = 'dist/main.mjs';

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

await build({
  entryPoints: ['src/main.ts'],
  outfile,
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
await chmod(outfile, 0o755);
