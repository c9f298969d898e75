/** Who runs what the walk does not run, by the targets of the Makefile. */
export const targets: Readonly<Record<string, string>> = {
  help: 'docs-walk.test.ts',
  up: 'docs-walk.test.ts, which does all else beside it, and docs-once.test.ts',
  test: '.ci/run',
  verify: '.ci/run',
  build: 'make test, before the tests',
  parts: 'make test, before the tests',
  unit: 'make test runs the same project',
  generate: 'charts.test.ts and documentation.test.ts compare what it writes',
  bench: 'nobody: it takes minutes on a machine that does nothing else',
  release: 'nobody: it empties dist/release, builds an image and pushes',
  clean: 'nobody: it removes what runs here',
};

/** Other commands of the docs that the walk does not carry out, and why. */
export const elsewhere: Readonly<Record<string, string>> = {
  'npm ci': 'the Makefile does, before everything',
};
