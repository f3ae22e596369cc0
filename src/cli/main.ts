/** The command line: finds the command, runs it, and turns what it throws into one line and an exit code. */
import { isAbort } from '../base/cancellation';
import { NeosearchError } from '../base/errors';
import { clear, USAGE as CLEAR } from './commands/clear';
import { type Command, EXIT } from './commands/context';
import { embed, USAGE as EMBED } from './commands/embed';
import { evaluate, USAGE as EVAL } from './commands/eval';
import { index, USAGE as INDEX } from './commands/index';
import { related, USAGE as RELATED } from './commands/related';
import { search, USAGE as SEARCH } from './commands/search';
import { similar, USAGE as SIMILAR } from './commands/similar';
import { status, USAGE as STATUS } from './commands/status';
import { type Console, processConsole } from './console';
import { USAGE as MCP } from './mcp/usage';
import { USAGE as MODEL } from './model/usage';

/** Set by the build, from package.json. */
declare const NEOSEARCH_VERSION: string;

const COMMANDS: Readonly<Record<string, { run: Command; usage: string; purpose: string }>> = {
  search: {
    run: search,
    usage: SEARCH,
    purpose: 'Find code and docs by meaning; brings the index up to date first.',
  },
  index: { run: index, usage: INDEX, purpose: 'Index a folder, or bring its index up to date.' },
  similar: { run: similar, usage: SIMILAR, purpose: 'Find places that are like these lines.' },
  related: { run: related, usage: RELATED, purpose: 'Find files that belong with this one.' },
  status: { run: status, usage: STATUS, purpose: 'Show what is indexed, and with what.' },
  clear: { run: clear, usage: CLEAR, purpose: 'Delete the index of a folder.' },
  mcp: {
    run: async (args, context) => (await import('./commands/mcp')).mcp(args, context),
    usage: MCP,
    purpose: 'Serve agents over the Model Context Protocol (standard input and output).',
  },
  model: {
    run: async (args, context) => (await import('./commands/model')).model(args, context),
    usage: MODEL,
    purpose: 'Pull encoders from the hub, choose one, look at one, remove one.',
  },
  embed: { run: embed, usage: EMBED, purpose: 'Encode texts or token ids.' },
  eval: { run: evaluate, usage: EVAL, purpose: 'Measure search on a data set in BEIR layout.' },
};

async function main(args: readonly string[], console: Console): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    await console.out(help());
    return name === undefined ? EXIT.error : EXIT.success;
  }
  if (name === 'version' || name === '--version') {
    await console.out(NEOSEARCH_VERSION);
    return EXIT.success;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) {
    throw new NeosearchError(
      'bad-argument',
      `There is no command "${name}". Known: ${Object.keys(COMMANDS).join(', ')}. To search: neosearch search "${name}"`,
    );
  }
  if (rest.includes('--help') || rest.includes('-h')) {
    await console.out(`neosearch ${command.usage}\n${command.purpose}`);
    return EXIT.success;
  }
  const interrupt = new AbortController();
  const stop = (): void => {
    interrupt.abort();
    // A second Ctrl-C does not wait.
    process.once('SIGINT', () => process.exit(EXIT.interrupted));
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    return await command.run(rest, { console, signal: interrupt.signal });
  } catch (error) {
    if (interrupt.signal.aborted && isAbort(error)) {
      console.note('Stopped. What was finished is kept.');
      return EXIT.interrupted;
    }
    throw error;
  }
}

function help(): string {
  const commands = Object.values(COMMANDS).map(
    ({ usage, purpose }) => `  neosearch ${usage}\n      ${purpose}`,
  );
  return [
    'Neosearch finds code and documentation by meaning, on this machine.',
    '',
    ...commands,
    '',
    'In a query: path:GLOB, -path:GLOB, lang:NAME and "exact phrase" filter.',
    'Everywhere: --root DIR (default: the current folder), --index-dir DIR (or NEOSEARCH_HOME) for all indexes.',
    'Exit codes: 0 success, 1 nothing found, 2 error, 130 stopped by Ctrl-C.',
  ].join('\n');
}

const console = processConsole();
main(process.argv.slice(2), console).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    if (error instanceof NeosearchError) console.note(`neosearch: ${error.message}`);
    else
      console.note(
        `neosearch: unexpected: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      );
    process.exitCode = EXIT.error;
  },
);
