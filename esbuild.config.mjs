import { chmod } from 'node:fs/promises';
import { build } from 'esbuild';

const outfile = 'dist/main.mjs';

await build({
  entryPoints: ['src/main.ts'],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node22',
  sourcemap: true,
  legalComments: 'none',
  banner: {
    // CommonJS dependencies call require(), which an ES module does not have.
    js: "#!/usr/bin/env node\nimport { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);",
  },
});
await chmod(outfile, 0o755);
