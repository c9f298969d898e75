import { describe, expect, it } from 'vitest';
import { createHolder, isProvablyDead } from './holder.ts';
import { createProcReader, type ProcSource } from './proc.ts';

const boot = '7c231757-7b07-4f9e-bf34-93da3402835e';

/** A kernel as seen by process `pid`: processes by pid with their line in /proc/<pid>/stat, or why it cannot be read. */
interface Kernel {
  pid: number;
  processes: Record<number, string | 'hidden'>;
  boot?: string | undefined;
  pidNamespace?: string;
  timeNamespace?: string | undefined;
}

const stat = (pid: number, start: number, { state = 'S', threads = 11, name = 'node' } = {}) =>
  `${pid} (${name}) ${state} 1 1 1 0 -1 4194304 101 0 0 0 0 0 0 0 20 0 ${threads} 0 ${start} 3133440 412 18446744073709551615`;

const errno = (code: string) => Object.assign(new Error(code), { code });

function source({
  pid,
  processes,
  pidNamespace = 'pid:[1]',
  timeNamespace = 'time:[1]',
  ...kernel
}: Kernel): ProcSource {
  const bootID = 'boot' in kernel ? kernel.boot : boot;
  return {
    pid,
    readFile(path) {
      if (path.endsWith('boot_id') && bootID) return `${bootID}\n`;
      const who = /^\/proc\/(self|\d+)\/stat$/.exec(path)?.[1];
      const line = processes[who === 'self' ? pid : Number(who)];
      if (!line || line === 'hidden') throw errno('ENOENT');
      return line;
    },
    readLink(path) {
      const link = path.endsWith('/pid') ? pidNamespace : timeNamespace;
      if (!link) throw errno('ENOENT');
      return link;
    },
    probe(asked) {
      const process = processes[asked];
      if (!process) throw errno('ESRCH');
      if (process === 'hidden') throw errno('EPERM');
    },
  };
}

const holder = (kernel: Kernel, env: NodeJS.ProcessEnv = { POD_NAME: 'node-1' }) =>
  createHolder(env, createProcReader(source(kernel)));
const own = { 200: stat(200, 5000) };

describe('createHolder', () => {
  it('names host, boot, pid and start time', () => {
    expect(holder({ pid: 200, processes: own }).identity).toMatch(/^node-1_proc-[0-9a-f]{8}-200-5000$/);
  });

  it('names the pod and the process in it', () => {
    const env = { POD_NAME: 'gardener-extension-0', POD_UID: '9f3c' };
    expect(holder({ pid: 200, processes: own }, env).identity).toMatch(
      /^gardener-extension-0_pod-9f3c_proc-[0-9a-f]{8}-200-5000$/,
    );
  });

  it('reads a process name with spaces and parentheses', () => {
    const processes = { 200: stat(200, 5000, { name: 'a) S 1 (b' }) };
    expect(holder({ pid: 200, processes }).identity).toMatch(/-200-5000$/);
  });

  it.each<[string, Kernel]>([
    ['without /proc', { pid: 200, processes: {} }],
    ['without a boot id', { pid: 200, processes: own, boot: undefined }],
    ['with a /proc of another pid namespace', { pid: 7, processes: { 7: stat(200, 5000) } }],
    ['with a stat of unknown shape', { pid: 200, processes: { 200: '200 (node) S' } }],
  ])('is random %s', (_, kernel) => {
    const [one, two] = [holder(kernel).identity, holder(kernel).identity];
    expect(one).toMatch(/^node-1_rand-[0-9a-f]{16}$/);
    expect(one).not.toBe(two);
  });

  it('falls back to the host name', () => {
    expect(holder({ pid: 200, processes: own }, {}).identity).toMatch(/^.+_proc-/);
  });
});

describe('isProvablyDead', () => {
  const leader: Kernel = { pid: 100, processes: { 100: stat(100, 1000) } };
  const later = (processes: Kernel['processes'], more: Partial<Kernel> = {}): Kernel => ({
    pid: 200,
    processes: { ...own, ...processes },
    ...more,
  });

  const cases: [string, boolean, Kernel][] = [
    ['gone', true, later({})],
    ['alive', false, later({ 100: stat(100, 1000) })],
    ['its pid used again', true, later({ 100: stat(100, 4000) })],
    ['killed, but not yet asked for', true, later({ 100: stat(100, 1000, { state: 'Z', threads: 1 }) })],
    ['its first thread ended, others run', false, later({ 100: stat(100, 1000, { state: 'Z', threads: 3 }) })],
    ['hidden, of another user', false, later({ 100: 'hidden' })],
    ['of a stat that cannot be read', false, later({ 100: '100 (node) S' })],
    ['of another boot or host', false, later({}, { boot: 'f0000000-0000-0000-0000-000000000000' })],
    ['of another pid namespace', false, later({}, { pidNamespace: 'pid:[2]' })],
    ['of another time namespace', false, later({}, { timeNamespace: 'time:[2]' })],
    ['on a host where we know nothing of ourselves', false, later({}, { boot: undefined })],
  ];
  it.each(cases)('a process that is %s: %s', (_, dead, kernel) => {
    expect(isProvablyDead(holder(leader).identity, holder(kernel))).toBe(dead);
  });

  it('is never true of this process itself', () => {
    const self = holder(later({}));
    expect(isProvablyDead(self.identity, self)).toBe(false);
  });

  it.each([
    '',
    'x',
    'host_7c231757-7b07-4f9e-bf34-93da3402835e',
    'host_rand-0123456789abcdef',
    'host_pod-_rand-0123456789abcdef',
    'host_proc-xyz-1-1',
    'host_proc-00000000-1-1',
    'host_proc-00000000-1-1 ',
    'gardener-extension-provider-metal-7d9f-abcde_1f2e3d4c',
  ])('is never true of a holder of another make: %j', (identity) => {
    expect(isProvablyDead(identity, holder(later({})))).toBe(false);
  });

  describe('in pods', () => {
    const inPod = (uid: string, kernel: Kernel) => holder(kernel, { POD_NAME: 'p', POD_UID: uid });
    const first = inPod('u1', leader).identity;

    it('a container of the same pod was started anew', () => {
      const restarted = inPod('u1', { pid: 100, processes: { 100: stat(100, 9000) }, pidNamespace: 'pid:[2]' });
      expect(isProvablyDead(first, restarted)).toBe(true);
    });

    it('a container was started anew, and the inode number of its namespace was used again', () => {
      const restarted = inPod('u1', { pid: 100, processes: { 100: stat(100, 9000) } });
      expect(isProvablyDead(first, restarted)).toBe(true);
    });

    it('a second process was started in the container, and the first lives', () => {
      expect(isProvablyDead(first, inPod('u1', later({ 100: stat(100, 1000) })))).toBe(false);
    });

    it('another pod, whatever it sees', () => {
      expect(isProvablyDead(first, inPod('u2', later({}, { pidNamespace: 'pid:[2]' })))).toBe(false);
      expect(isProvablyDead(first, holder(later({}, { pidNamespace: 'pid:[2]' })))).toBe(false);
    });

    it('a pod where nothing can be read of processes', () => {
      const blind: Kernel = { pid: 1, processes: {} };
      const before = inPod('u1', blind).identity;
      expect(isProvablyDead(before, inPod('u1', blind))).toBe(true);
      expect(isProvablyDead(before, inPod('u2', blind))).toBe(false);
    });
  });
});

describe('the kernel itself', () => {
  it.runIf(process.platform === 'linux')(
    'knows that this process lives, and that none of its pid and another start time does',
    () => {
      const self = createHolder({});
      const other = self.identity.replace(/\d+$/, '1');
      const sibling = { ...self, identity: self.identity.replace(/-\d+-\d+$/, '-1-1') };
      expect(isProvablyDead(self.identity, sibling)).toBe(false);
      expect(isProvablyDead(other, self)).toBe(true);
    },
  );
});
