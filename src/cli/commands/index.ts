/** `neosearch index [ROOT]`: brings the index of a folder up to date. */
import { atMostOne, parse } from '../args';
import { ProgressBar, duration } from '../progressBar';
import { type Command, EXIT, INDEX_FLAGS, openEngine } from './context';

export const USAGE =
  'index [ROOT] [--json] [--index-dir DIR] [--model NAME|DIR] [--chunk-tokens N] [--threads N]';

export const index: Command = async (args, context) => {
  const { values, positionals } = parse(args, INDEX_FLAGS, USAGE);
  const engine = await openEngine(values, context, atMostOne(positionals, USAGE) ?? values.root);
  const bar = new ProgressBar();
  try {
    const report = await engine.update({
      signal: context.signal,
      ...(values.json ? {} : { onProgress: bar.update }),
    });
    bar.end();
    if (values.json) {
      const { root, files, chunks, embedded, reused, skipped, seconds } = report;
      await context.console.out(JSON.stringify({ root, files, chunks, embedded, reused, skipped, seconds }));
    } else {
      const skipped = Object.entries(report.skipped)
        .sort(([, a], [, b]) => b - a)
        .map(([reason, count]) => `${count} ${reason}`);
      await context.console.out(
        `${report.root}: ${report.files} files, ${report.chunks} chunks (${report.embedded} encoded, ${report.reused} reused) in ${duration(report.seconds)}`,
      );
      if (skipped.length > 0) await context.console.out(`skipped: ${skipped.join(', ')}`);
    }
    if (report.withoutMeaning !== undefined) context.console.note(`neosearch: ${report.withoutMeaning}`);
    return EXIT.success;
  } finally {
    bar.end();
    await engine.close();
  }
};
