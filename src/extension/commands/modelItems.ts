/** The rows of "Select Model". */
import type * as vscode from 'vscode';
import type { ListedModel } from './modelProcess';

export interface ModelItem extends vscode.QuickPickItem {
  readonly action: ModelAction;
}

export type ModelAction =
  /** `value` of the setting; empty: what is used without one. */
  { readonly kind: 'use'; readonly value: string } | { readonly kind: 'pull' } | { readonly kind: 'browse' };

/** The name of the model that comes along, in the setting. */
const EMBEDDED = 'embedded';

/** @param current value of the setting */
export function modelItems(
  models: readonly ListedModel[],
  current: string,
  l10n: Pick<typeof vscode.l10n, 't'>,
): ModelItem[] {
  const inUse = (model: ListedModel): boolean => (current === '' ? model.inUse : model.name === current);
  const rows = models.map((model): ModelItem => {
    const size = model.bytes === undefined ? [] : [`${Math.ceil(model.bytes / 1e6)} MB`];
    return {
      label: model.kind === 'embedded' ? l10n.t('The encoder that comes with Neosearch') : model.name,
      description: [...(inUse(model) ? [l10n.t('in use')] : []), ...size].join(' · '),
      ...(model.kind === 'embedded'
        ? { detail: l10n.t('Small and quick; works on every machine, offline.') }
        : {}),
      action: { kind: 'use', value: model.name === EMBEDDED && model.inUse ? '' : model.name },
    };
  });
  const own: ModelItem[] =
    current === '' || models.some(({ name }) => name === current)
      ? []
      : [{ label: current, description: l10n.t('in use'), action: { kind: 'use', value: current } }];
  return [
    ...rows,
    ...own,
    {
      label: l10n.t('Pull from the hub...'),
      detail: l10n.t(
        'A repository of huggingface.co: a NeoBERT checkpoint, or any encoder with an ONNX export.',
      ),
      action: { kind: 'pull' },
    },
    {
      label: l10n.t('Choose a folder...'),
      detail: l10n.t(
        'config.json, tokenizer.json, and model.safetensors or an ONNX export. Large ones want a GPU.',
      ),
      action: { kind: 'browse' },
    },
  ];
}
