/** "Select Model": the encoder that comes along, or a folder on this machine. */
import * as vscode from 'vscode';
import { NeosearchError } from '../../base/errors';
import { CONFIGURATION_SECTION, SETTING } from '../ids';
import { missingModelFiles } from './modelFolder';

interface ModelItem extends vscode.QuickPickItem {
  /** undefined: to be browsed for. */
  readonly folder?: string;
}

export async function selectModel(): Promise<void> {
  const settings = vscode.workspace.getConfiguration(CONFIGURATION_SECTION);
  const current = settings.get<string>(SETTING.model, '');
  const picked = await vscode.window.showQuickPick(items(current), {
    title: vscode.l10n.t('Select the Model that Encodes Code and Docs'),
    placeHolder: vscode.l10n.t('Another model indexes all folders anew.'),
  });
  if (picked === undefined) return;
  const folder = picked.folder ?? (await browse());
  if (folder === undefined || folder === current) return;
  if (folder !== '') await validate(folder);
  await settings.update(SETTING.model, folder === '' ? undefined : folder, vscode.ConfigurationTarget.Global);
}

function items(current: string): ModelItem[] {
  const shipped: ModelItem = {
    label: vscode.l10n.t('The encoder that comes with Neosearch'),
    description: current === '' ? vscode.l10n.t('in use') : '',
    detail: vscode.l10n.t('Small and quick; works on every machine, offline.'),
    folder: '',
  };
  const own: ModelItem[] =
    current === '' ? [] : [{ label: current, description: vscode.l10n.t('in use'), folder: current }];
  return [
    shipped,
    ...own,
    {
      label: vscode.l10n.t('A folder on this machine...'),
      detail: vscode.l10n.t(
        'A NeoBERT checkpoint (config.json, tokenizer.json, model.safetensors), or an encoder with an ONNX export.',
      ),
    },
  ];
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
