import { setFlagsFromString } from 'node:v8';

/**
 * For a process of a few dozen MiB that makes little garbage at a time, V8 is generous: it lets its nursery grow to
 * 32 MiB, and the heap to several times of what is used. Set before anything else is loaded; the flags for the nursery's
 * size could only stand on the command line.
 */
setFlagsFromString('--semi-space-growth-factor=1');
setFlagsFromString('--heap-growing-percent=10');

const { main } = await import('./espalier.ts');
process.exitCode = await main(process.argv.slice(2));
