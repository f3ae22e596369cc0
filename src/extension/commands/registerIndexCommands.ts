/** Commands for the index and the engine: rebuild, pause, resume, delete, status, log, restart. */
import * as vscode from 'vscode';
import type { FeatureContext } from '../features';
import { COMMAND, WALKTHROUGH } from '../ids';
import { IndexProgress } from './indexProgress';
import { pickRoots } from './pickRoots';
import { selectModel } from './selectModel';
import { StatusDocument } from './statusDocument';

export function registerIndexCommands(ctx: FeatureContext): vscode.Disposable {
  const { command, engine, log } = ctx;
  const status = new StatusDocument(ctx);
  const progress = new IndexProgress(ctx);
  return vscode.Disposable.from(
    status,
    command(COMMAND.rebuildIndex, async () => {
      const roots = await pickRoots(engine, vscode.l10n.t('Rebuild the index of'));
      if (roots === undefined) return;
      await engine.rebuild(roots.paths);
      await progress.show(vscode.l10n.t('Rebuilding the index'));
    }),
    command(COMMAND.pauseIndexing, () => engine.pause()),
    command(COMMAND.resumeIndexing, () => engine.resume()),
    command(COMMAND.deleteIndex, async () => {
      const roots = await pickRoots(engine, vscode.l10n.t('Delete the index of'));
      if (roots === undefined || !(await confirmed(roots.names))) return;
      await engine.deleteIndex(roots.paths);
    }),
    command(COMMAND.showStatus, () => status.show()),
    command(COMMAND.showLog, () => log.show()),
    command(COMMAND.restartEngine, () => engine.restart()),
    command(COMMAND.selectModel, () => selectModel(ctx.extension.extensionPath)),
    command(COMMAND.openWalkthrough, () =>
      vscode.commands.executeCommand(
        'workbench.action.openWalkthrough',
        `${ctx.extension.extension.id}#${WALKTHROUGH.slice(WALKTHROUGH.indexOf('.') + 1)}`,
        false,
      ),
    ),
  );
}

async function confirmed(names: readonly string[]): Promise<boolean> {
  const remove = vscode.l10n.t('Delete');
  const picked = await vscode.window.showWarningMessage(
    vscode.l10n.t('Delete the index of {0}?', names.join(', ')),
    {
      modal: true,
      detail: vscode.l10n.t(
        'Your files stay as they are. Nothing is indexed here again until you rebuild the index.',
      ),
    },
    remove,
  );
  return picked === remove;
}
