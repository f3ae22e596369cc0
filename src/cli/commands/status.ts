/** `neosearch status`: what is indexed, with what, and how much room it takes. Changes nothing. */
import { atMostOne, parse } from '../args';
import { bytes } from '../render';
import { type Command, EXIT, INDEX_FLAGS, openEngine } from './context';

export const USAGE = 'status [--root DIR] [--index-dir DIR] [--json]';

export const status: Command = async (args, context) => {
  const { values, positionals } = parse(args, INDEX_FLAGS, USAGE);
  const engine = await openEngine(values, context, atMostOne(positionals, USAGE) ?? values.root);
  try {
    const state = await engine.status();
    if (values.json) {
      await context.console.out(JSON.stringify(state));
      return EXIT.success;
    }
    const rows: [string, string][] = [
      ['root', state.root],
      ['index', state.exists ? state.indexDir : `none yet; "neosearch index" makes one in ${state.indexDir}`],
      ['files', String(state.files)],
      [
        'chunks',
        state.pending > 0
          ? `${state.chunks} (${state.pending} still without a vector)`
          : String(state.chunks),
      ],
      ['encoder', state.encoder],
      ['device', state.device],
      ['neighbours', state.annReason === '' ? state.ann : `${state.ann} (${state.annReason})`],
      ['disk', bytes(state.diskBytes)],
    ];
    for (const [name, value] of rows) {
      await context.console.out(`${context.console.paint('dim', name.padEnd(11))} ${value}`);
    }
    return EXIT.success;
  } finally {
    await engine.close();
  }
};
