// Reads reports of vitest. Runs on whatever node there is.
const { existsSync, readFileSync } = require('node:fs');
const { relative } = require('node:path');

/** Undefined when the run ended before it could write one. */
const read = (path) => (existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined);

const failedFiles = (report) => (report?.testResults ?? []).filter(({ status }) => status === 'failed');

/** `file: test`, or the file alone when it could not even be loaded. */
const failures = (report) =>
  failedFiles(report).flatMap(({ name, assertionResults }) => {
    const failed = assertionResults.filter(({ status }) => status === 'failed');
    const file = relative(process.cwd(), name);
    return failed.length > 0 ? failed.map(({ fullName }) => `${file}: ${fullName}`) : [file];
  });

const commands = {
  'failed-files': (path) =>
    failedFiles(read(path))
      .map(({ name }) => relative(process.cwd(), name))
      .join(' '),

  summary(status, allPath, againPath) {
    const all = read(allPath);
    const again = read(againPath);
    const first = failures(all);
    const last = again ? failures(again) : first;
    const recovered = again ? first.filter((name) => !last.includes(name)) : [];
    const print = (title, names) => (names.length > 0 ? [title, ...names.map((name) => `  ${name}`)] : []);
    const failed = Math.max(last.length, status === '0' ? 0 : 1);
    return [
      ...print('Failed beside all others, passed by themselves:', recovered),
      ...print('Failed:', last),
      `${(all?.numPassedTests ?? 0) + recovered.length} passed, ${failed} failed`,
    ].join('\n');
  },
};

const [, , command, ...args] = process.argv;
process.stdout.write(`${commands[command](...args)}\n`);
