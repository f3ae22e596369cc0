/** `neosearch model`: the encoders of this machine, and those of the hub. */
import { createInterface } from 'node:readline/promises';
import { NeosearchError } from '../../base/errors';
import { describeEncoder } from '../../engine/encoder/describeEncoder';
import { EMBEDDED, type KnownModel, type ModelStore } from '../../engine/hub/modelStore';
import { parseModelName } from '../../engine/hub/names';
import { atMostOne, parse } from '../args';
import { modelStore } from '../installation';
import { describeModel, descriptionLines } from '../model/describeModel';
import { PullBar } from '../model/pullBar';
import { USAGE } from '../model/usage';
import { bytes } from '../render';
import { type Context, EXIT, type Command } from './context';

const FLAGS = {
  hub: { type: 'boolean' },
  quantized: { type: 'boolean' },
  yes: { type: 'boolean' },
  force: { type: 'boolean' },
  events: { type: 'boolean' },
  'index-dir': { type: 'string' },
  json: { type: 'boolean' },
} as const;

interface Asked {
  readonly store: ModelStore;
  readonly context: Context;
  readonly flags: Readonly<Partial<Record<Exclude<keyof typeof FLAGS, 'index-dir'>, boolean>>>;
}

/** Models of the hub that are listed. */
const OFFERED = 30;

export const model: Command = async (args, context) => {
  const { values, positionals } = parse(args, FLAGS, USAGE);
  const [action, ...rest] = positionals;
  const asked: Asked = { store: modelStore(values['index-dir']), context, flags: values };
  const argument = atMostOne(rest, USAGE);
  if (action === 'list') return values.hub === true ? listHub(asked, argument) : list(asked, argument);
  const run = ACTIONS.get(action ?? '');
  if (run === undefined || argument === undefined) {
    throw new NeosearchError(
      'bad-argument',
      `${action === undefined ? 'Say what to do' : run === undefined ? `There is no "model ${action}"` : 'Name a model'}. Usage: neosearch ${USAGE}`,
    );
  }
  return run(asked, argument);
};

async function list({ store, context, flags }: Asked, extra: string | undefined): Promise<number> {
  if (extra !== undefined) {
    throw new NeosearchError(
      'bad-argument',
      `Unexpected "${extra}". To ask the hub: neosearch model list --hub "${extra}"`,
    );
  }
  const models = store.list();
  if (flags.json === true) {
    await context.console.out(JSON.stringify({ models }));
    return EXIT.success;
  }
  const width = Math.max(...models.map(({ name }) => name.length));
  for (const item of models) {
    await context.console.out(`${item.inUse ? '*' : ' '} ${item.name.padEnd(width)}  ${detailOf(item)}`);
  }
  return EXIT.success;
}

function detailOf(item: KnownModel): string {
  switch (item.kind) {
    case 'embedded':
      return `${bytes(item.bytes)}, comes with Neosearch`;
    case 'pulled':
      return `${bytes(item.bytes)}, ${item.form === 'onnx' ? 'ONNX graph' : 'NeoBERT'}${item.quantized ? ', quantized' : ''}, ${item.revision} at ${item.commit.slice(0, 7)}`;
    case 'folder':
      return 'a folder of yours';
  }
}

async function listHub({ context, flags }: Asked, words: string | undefined): Promise<number> {
  const { askHub } = await import('../../engine/hub/askHub');
  const { offeredModels } = await import('../../engine/hub/repository');
  const models = await askHub({ signal: context.signal, log: noteTo(context) }, (connection) =>
    offeredModels(connection, words, OFFERED),
  );
  if (flags.json === true) {
    await context.console.out(JSON.stringify({ models }));
  } else {
    for (const { name, downloads, gated } of models) {
      await context.console.out(
        `${name}  ${downloads} downloads${gated ? ', asks for its terms to be accepted' : ''}`,
      );
    }
  }
  return models.length > 0 ? EXIT.success : EXIT.nothingFound;
}

async function pullModel({ store, context, flags }: Asked, text: string): Promise<number> {
  const name = parseModelName(text);
  const { pull } = await import('../../engine/hub/pull');
  const bar = new PullBar();
  const quiet = flags.json === true || flags.events === true;
  try {
    const { folder, record, wasHere } = await pull({
      store,
      name,
      quantized: flags.quantized === true,
      signal: context.signal,
      log: noteTo(context),
      onProgress: flags.events === true ? progressEvents(context) : quiet ? () => undefined : bar.update,
    });
    bar.end();
    const found = store.find(folder);
    const shown = found?.name ?? folder;
    await context.console.out(
      quiet
        ? JSON.stringify({ pulled: { ...found, wasHere } })
        : `${wasHere ? 'Here already' : 'Pulled'}: ${shown}, ${bytes(record.bytes)}, commit ${record.commit}. To use it: neosearch model use ${shown}`,
    );
    return EXIT.success;
  } finally {
    bar.end();
  }
}

/** At most ten lines a second. */
function progressEvents({
  console,
}: Context): (progress: { readonly bytes: number; readonly size: number; readonly file: string }) => void {
  let last = 0;
  return ({ file, bytes: done, size }) => {
    if (Date.now() - last < 100) return;
    last = Date.now();
    void console.out(JSON.stringify({ progress: { file, bytes: done, size } }));
  };
}

async function use({ store, context, flags }: Asked, name: string): Promise<number> {
  const folder = store.resolve(name);
  const { name: title, dimensions, window } = await describeEncoder(folder);
  store.use(folder);
  const shown = store.find(folder)?.name ?? folder;
  await context.console.out(
    flags.json === true
      ? JSON.stringify({ used: { name: shown, folder } })
      : `${shown} (${title}, ${dimensions} dimensions, ${window} tokens) is in use. Folders are indexed anew with it.`,
  );
  return EXIT.success;
}

async function info({ store, context, flags }: Asked, name: string): Promise<number> {
  const folder = store.resolve(name);
  const description = await describeModel(folder, store.find(folder));
  if (flags.json === true) await context.console.out(JSON.stringify(description));
  else for (const line of descriptionLines(description)) await context.console.out(line);
  return EXIT.success;
}

async function remove({ store, context, flags }: Asked, name: string): Promise<number> {
  const found = store.find(name);
  if (found === undefined) throw unknownModel(name);
  if (found.kind === 'embedded') {
    throw new NeosearchError('bad-argument', 'The embedded model is a part of Neosearch and stays.');
  }
  if (found.inUse && flags.force !== true) {
    throw new NeosearchError(
      'bad-argument',
      `${found.name} is in use. Use another ("neosearch model use ${EMBEDDED}"), or remove it with --force.`,
    );
  }
  if (flags.yes !== true && !(await agreed(context, `Delete ${found.folder}?`, found)))
    return EXIT.nothingFound;
  store.remove(found);
  await context.console.out(
    flags.json === true
      ? JSON.stringify({ removed: { name: found.name, folder: found.folder } })
      : found.kind === 'pulled'
        ? `${found.name} is deleted.`
        : `${found.name} is forgotten. The folder stays.`,
  );
  return EXIT.success;
}

/** Only a person at a terminal is asked, and only where something is deleted. */
async function agreed(
  { console, signal }: Context,
  question: string,
  { kind }: KnownModel,
): Promise<boolean> {
  if (kind !== 'pulled' || !console.interactive || !process.stdin.isTTY) return true;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `, { signal })).trim());
  } finally {
    terminal.close();
  }
}

function unknownModel(name: string): NeosearchError {
  return new NeosearchError(
    'bad-argument',
    `There is no model "${name}" here. "neosearch model list" shows those that are; "neosearch model pull OWNER/NAME" fetches one.`,
  );
}

function noteTo({ console }: Context): (line: string) => void {
  return (line) => console.note(`neosearch: ${line}`);
}

const ACTIONS: ReadonlyMap<string, (asked: Asked, argument: string) => Promise<number>> = new Map([
  ['pull', pullModel],
  ['use', use],
  ['info', info],
  ['remove', remove],
]);
