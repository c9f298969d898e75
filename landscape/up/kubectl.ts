import { execFile } from 'node:child_process';

export interface Spoken {
  /** Exit code; 1 also for a process that was killed. */
  readonly code: number;
  readonly stdout: string;
  /** Warnings and errors, as the person at the keyboard reads them. */
  readonly stderr: string;
}

export interface KubectlOptions {
  readonly kubectl: string;
  readonly kubeconfig: string;
  readonly signal?: AbortSignal | undefined;
}

/** Runs kubectl; resolves also when it fails, and rejects only with the signal's reason. */
export function kubectl(options: KubectlOptions, args: readonly string[], input = ''): Promise<Spoken> {
  const { kubeconfig, signal } = options;
  return new Promise((resolve, reject) => {
    const child = execFile(
      options.kubectl,
      ['--kubeconfig', kubeconfig, ...args],
      { ...(signal ? { signal } : {}), maxBuffer: 16 * 1024 * 1024 },
      (error, stdout, stderr) => {
        if (signal?.aborted) return reject(signal.reason);
        const code = typeof error?.code === 'number' ? error.code : Number(error !== null);
        resolve({ code, stdout, stderr });
      },
    );
    // It may have ended without reading.
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
  });
}
