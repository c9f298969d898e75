import { nearest } from '../apis/nearest.ts';
import { toError } from '../kube/errors.ts';
import { version } from '../telemetry/version.ts';
import { isExitError } from './exit.ts';
import { describeFlags, type Flags, type FlagValues, isUsageError, parseFlags } from './flags.ts';

export interface Command<F extends Flags = Flags> {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** What the command does, for its own help. */
  readonly description: string;
  readonly flags: F;
  /** Runs until done or until the signal is aborted; throwing fails the process. */
  run(values: FlagValues<F>, signal: AbortSignal): Promise<void>;
}

// biome-ignore lint/suspicious/noExplicitAny: a list of commands with different flags
type AnyCommand = Command<any>;

/** Exit code: 0 done, 1 failed, 2 wrong usage, or what the command says by ExitError. */
export async function runCommand(commands: readonly AnyCommand[], args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  const command = commands.find((candidate) => candidate.name === name);
  if (name === 'version' || name === '--version') {
    process.stdout.write(`espalier ${version}\n`);
    return 0;
  }
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    process.stdout.write(describeCommands(commands));
    return name === undefined ? 2 : 0;
  }
  if (!command) {
    const meant = nearest(
      name,
      commands.map((candidate) => candidate.name),
    );
    return complain(`unknown command "${name}"${meant ? `, did you mean ${meant}?` : ''}`, 'espalier --help');
  }
  if (rest.includes('--help') || rest.includes('-h')) {
    process.stdout.write(describeCommand(command));
    return 0;
  }
  return execute(command, rest);
}

async function execute(command: AnyCommand, args: readonly string[]): Promise<number> {
  const stop = new AbortController();
  const onSignal = (signal: NodeJS.Signals) => {
    if (stop.signal.aborted) process.exit(1);
    stop.abort(new Error(`stopped by ${signal}`));
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  try {
    await command.run(parseFlags(command.flags, args, process.env), stop.signal);
    return 0;
  } catch (unknown) {
    const error = toError(unknown);
    if (isUsageError(error)) return complain(error.message, `espalier ${command.name} --help`);
    if (error.message) process.stderr.write(`espalier ${command.name}: ${error.message}\n`);
    return isExitError(error) ? error.exitCode : 1;
  } finally {
    process.off('SIGTERM', onSignal);
    process.off('SIGINT', onSignal);
  }
}

function complain(message: string, help: string): number {
  process.stderr.write(`${message}\nSee \`${help}\`.\n`);
  return 2;
}

function describeCommands(commands: readonly AnyCommand[]): string {
  const width = Math.max(...commands.map((command) => command.name.length));
  const lines = commands.map((command) => `  ${command.name.padEnd(width)}  ${command.summary}`);
  return `Gardener provider extensions.\n\nUsage: espalier <command> [flags]\n\nCommands:\n${lines.join('\n')}\n
\`espalier <command> --help\` shows the flags of a command, \`espalier version\` which build this is.\n`;
}

function describeCommand(command: AnyCommand): string {
  return `${command.description}\n\nUsage: espalier ${command.name} [flags]\n\nFlags:\n${describeFlags(command.flags)}\n`;
}
