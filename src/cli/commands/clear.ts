/** `neosearch clear`: deletes the index of a folder. Never asks: it can be made again at any time. */
import { atMostOne, parse } from '../args';
import { type Command, EXIT, INDEX_FLAGS, openEngine } from './context';

export const USAGE = 'clear [--root DIR] [--index-dir DIR] [--json]';

export const clear: Command = async (args, context) => {
  const { values, positionals } = parse(args, INDEX_FLAGS, USAGE);
  const engine = await openEngine(values, context, atMostOne(positionals, USAGE) ?? values.root);
  try {
    const cleared = await engine.clear();
    await context.console.out(
      values.json
        ? JSON.stringify({ root: engine.root, cleared })
        : cleared
          ? `The index of ${engine.root} is deleted.`
          : `There is no index of ${engine.root}.`,
    );
    return EXIT.success;
  } finally {
    await engine.close();
  }
};
