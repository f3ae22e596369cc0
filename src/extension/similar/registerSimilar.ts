/** Similar code: for a selection, function or file; duplicates of the whole workspace. */
import * as vscode from 'vscode';
import type { FeatureContext, Opener, PanelApi } from '../features';
import { COMMAND } from '../ids';
import { diffWithSelection } from './diffWithSelection';
import { Duplicates, registerDuplicateCommands } from './duplicates';
import { SimilarCode } from './findSimilar';
import { RangeDocuments } from './rangeDocuments';

export function registerSimilar(ctx: FeatureContext, panel: PanelApi, opener: Opener): vscode.Disposable {
  const documents = new RangeDocuments();
  const similar = new SimilarCode(ctx, panel, opener);
  const duplicates = new Duplicates(ctx, opener, documents);
  return vscode.Disposable.from(
    documents,
    duplicates,
    registerDuplicateCommands(ctx, duplicates),
    ctx.command(COMMAND.findSimilar, (...args) => similar.find(...args)),
    ctx.command(COMMAND.diffWithSelection, (hit, origin) =>
      diffWithSelection(opener, documents, hit, origin, similar.origin),
    ),
  );
}
