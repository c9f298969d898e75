import { Gauge, type Registry } from 'prom-client';

/** For `onBeat`. In a replica that has not led yet the time is 0. To be called once for a registry. */
export function createHeartbeatMetrics(registry: Registry): (renewedMs: number) => void {
  const renewed = new Gauge({
    name: 'extension_heartbeat_renew_timestamp_seconds',
    help: 'When the heartbeat lease was renewed last, in Unix time',
    registers: [registry],
  });
  return (renewedMs) => renewed.set(renewedMs / 1000);
}
