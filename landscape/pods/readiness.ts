import { Agent, fetch } from 'undici';

/** Asks a container's readiness probe. As kubelet, it does not verify certificates. */
export interface ReadinessProbe extends AsyncDisposable {
  ask(signal: AbortSignal): Promise<boolean>;
}

/** Without a URL: ready as soon as the process runs. */
export function readinessProbe(url: string | undefined): ReadinessProbe {
  const dispatcher = new Agent({ connect: { rejectUnauthorized: false } });
  return {
    async ask(signal) {
      if (!url) return true;
      try {
        const answer = await fetch(url, { dispatcher, signal: AbortSignal.any([signal, AbortSignal.timeout(2_000)]) });
        await answer.body?.cancel();
        return answer.ok;
      } catch {
        return false;
      }
    },
    [Symbol.asyncDispose]: () => dispatcher.destroy(),
  };
}
