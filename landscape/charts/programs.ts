import { fileURLToPath } from 'node:url';
import type { Program } from '../pods/program.ts';

/** What `make build` makes. */
export const bundle = fileURLToPath(new URL('../../dist/main.mjs', import.meta.url));

/** What Espalier's charts run, with their own flags, but for ports of this machine. */
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

/** `espalier machine-controller`, the container of the same image beside machine-controller-manager. */
export const espalierMachineController = (main = bundle): Program => ({
  command: [process.execPath, main],
  args: ['--leader-elect=false', '--address=127.0.0.1'],
  ports: { 10259: (port) => ({ args: [`--port=${port}`] }) },
});
