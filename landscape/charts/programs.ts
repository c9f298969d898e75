import { fileURLToPath } from 'node:url';
import type { Program } from '../pods/program.ts';

const bundle = fileURLToPath(new URL('../../dist/main.mjs', import.meta.url));

/** What the charts run, with their own flags, but for ports of this machine. `main`: path of the bundle. */
export const espalierServer = (main = bundle): Program => ({
  command: [process.execPath, main],
  sideBySide: true,
  args: ['--webhook-config-server-host=127.0.0.1'],
  ports: {
    10250: (port) => ({ args: [`--webhook-config-server-port=${port}`] }),
    8080: (port) => ({ args: [`--metrics-bind-address=127.0.0.1:${port}`] }),
    8081: (port) => ({ args: [`--health-bind-address=127.0.0.1:${port}`] }),
  },
});
