import { goDuration } from '../../../apis/go-duration.ts';
import type { ControllerConfiguration } from '../../../apis/metal/controller-configuration.ts';

interface HealthCheckSettings {
  readonly syncPeriodMs: number;
  /** For clients of shoots. */
  readonly shoot: {
    readonly timeoutMs: number;
    readonly rateLimit: { readonly qps: number; readonly burst: number } | undefined;
  };
}

/** What the operator's file says of health checks. Throws for what is no duration, with the path of the field. */
export function healthCheckSettings({ healthCheckConfig }: ControllerConfiguration): HealthCheckSettings {
  const { syncPeriod = '30s', shootRESTOptions = {} } = healthCheckConfig ?? {};
  const { qps, burst, timeout } = shootRESTOptions;
  const syncPeriodMs = atLeastASecond('syncPeriod', syncPeriod);
  // A call must fail before all checks have run out of time: it can say what did not answer.
  const usual = Math.min(10_000, syncPeriodMs / 2);
  return {
    syncPeriodMs,
    shoot: {
      timeoutMs: timeout ? atLeastASecond('shootRESTOptions.timeout', timeout) : usual,
      rateLimit: qps && qps > 0 ? { qps, burst: burst || Math.ceil(qps) } : undefined,
    },
  };
}

function atLeastASecond(field: string, text: string): number {
  const milliseconds = goDuration(text) ?? 0;
  if (milliseconds >= 1000) return milliseconds;
  throw new Error(`healthCheckConfig.${field}: "${text}" is not a duration of at least a second, like 30s or 1m30s`);
}
