/** "Select Model": the encoder that comes along, one pulled from the hub, or a folder on this machine. */
import * as vscode from 'vscode';
import { NeosearchError } from '../../base/errors';
import { CONFIGURATION_SECTION, SETTING } from '../ids';
import { missingModelFiles } from './modelFolder';
import { type ModelAction, modelItems } from './modelItems';
import { listModels, type ModelProcessOptions, pullModel } from './modelProcess';

/** @param installation folder that holds dist/ */
export async function selectModel(installation: string): Promise<void> {
  const settings = vscode.workspace.getConfiguration(CONFIGURATION_SECTION);
  const current = settings.get<string>(SETTING.model, '').trim();
  const models: ModelProcessOptions = {
    installation,
    home: settings.get<string>(SETTING.indexLocation, '').trim(),
    proxy: vscode.workspace.getConfiguration('http').get<string>('proxy', ''),
  };
  const rows = listModels(models).then((listed) => modelItems(listed, current, vscode.l10n));
  const picked = await vscode.window.showQuickPick(rows, {
    title: vscode.l10n.t('Select the Model that Encodes Code and Docs'),
    placeHolder: vscode.l10n.t('Another model indexes all folders anew.'),
  });
  if (picked === undefined) return;
  const value = await valueFor(picked.action, models);
  if (value === undefined || value === current) return;
  await settings.update(SETTING.model, value === '' ? undefined : value, vscode.ConfigurationTarget.Global);
}

/** @returns the setting's new value; undefined where the user thought better of it */
async function valueFor(action: ModelAction, models: ModelProcessOptions): Promise<string | undefined> {
  switch (action.kind) {
    case 'use':
      return action.value;
    case 'pull':
      return pullFromHub(models);
    case 'browse': {
      const folder = await browse();
      if (folder !== undefined) await validate(folder);
      return folder;
    }
  }
}

async function pullFromHub(models: ModelProcessOptions): Promise<string | undefined> {
  const repository = await vscode.window.showInputBox({
    title: vscode.l10n.t('Pull a Model from the Hub'),
    prompt: vscode.l10n.t('OWNER/NAME, or OWNER/NAME@REVISION'),
    placeHolder: 'chandar-lab/NeoBERT',
    ignoreFocusOut: true,
  });
  const name = repository?.trim() ?? '';
  if (name === '') return undefined;
  const pulled = await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: vscode.l10n.t('Pulling {0}', name),
      cancellable: true,
    },
    (progress, token) => {
      const stop = new AbortController();
      const listening = token.onCancellationRequested(() => stop.abort());
      let shown = 0;
      const onProgress = (bytes: number, size: number): void => {
        const share = size > 0 ? (100 * bytes) / size : 0;
        const message = vscode.l10n.t('{0} of {1} MB', Math.floor(bytes / 1e6), Math.ceil(size / 1e6));
        progress.report({ message, increment: Math.max(0, share - shown) });
        shown = Math.max(shown, share);
      };
      return pullModel(models, name, onProgress, stop.signal).finally(() => void listening.dispose());
    },
  );
  return pulled?.name;
}

async function browse(): Promise<string | undefined> {
  const picked = await vscode.window.showOpenDialog({
    canSelectFiles: false,
    canSelectFolders: true,
    canSelectMany: false,
    openLabel: vscode.l10n.t('Use This Model'),
    title: vscode.l10n.t('Folder of an Encoder'),
  });
  return picked?.[0]?.fsPath;
}

async function validate(folder: string): Promise<void> {
  const missing = await missingModelFiles(folder);
  if (missing.length > 0) {
    throw new NeosearchError(
      'bad-model',
      vscode.l10n.t(
        '{0} is no model: it lacks {1}. Pick the folder that holds them.',
        folder,
        missing.join(', '),
      ),
    );
  }
}
