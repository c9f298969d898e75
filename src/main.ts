import { controllersCommand } from './commands/controllers.ts';
import { runCommand } from './commands/run.ts';

process.exitCode = await runCommand([controllersCommand], process.argv.slice(2));
