import { setFlagsFromString } from 'node:v8';

/**
 * V8 lets its nursery grow to 32 MiB, for programs that make garbage faster than this one. It is set before anything
 * else is loaded; the flags for the nursery's size could only stand on the command line.
 */
setFlagsFromString('--semi-space-growth-factor=1');

const { main } = await import('./espalier.ts');
process.exitCode = await main(process.argv.slice(2));
