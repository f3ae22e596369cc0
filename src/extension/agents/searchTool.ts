/** `#neosearch`: the language-model tool that finds code and documentation by meaning. */
import * as vscode from 'vscode';
import { agentText } from '../../base/agentText';
import { NeosearchError } from '../../base/errors';
import type { WirePlace } from '../../protocol/messages';
import type { FeatureContext } from '../features';
import { engineNotice } from '../notice/engineNotice';
import { searchParams, type ToolInput, toolInput } from './toolInput';
import { withinBudget } from './withinBudget';

export class SearchTool implements vscode.LanguageModelTool<unknown> {
  constructor(private readonly ctx: FeatureContext) {}

  prepareInvocation({
    input,
  }: vscode.LanguageModelToolInvocationPrepareOptions<unknown>): vscode.PreparedToolInvocation {
    const asked = toolInput(input);
    return {
      invocationMessage: vscode.l10n.t('Searching by meaning for "{0}"', asked.query),
      confirmationMessages: {
        title: vscode.l10n.t('Search Workspace by Meaning'),
        message: new vscode.MarkdownString(confirmation(asked)),
      },
    };
  }

  async invoke(
    { input, tokenizationOptions }: vscode.LanguageModelToolInvocationOptions<unknown>,
    token: vscode.CancellationToken,
  ): Promise<vscode.LanguageModelToolResult> {
    const asked = toolInput(input);
    const notice = engineNotice(this.ctx.engine.state, vscode.l10n);
    if (notice?.kind === 'blocked') throw new NeosearchError('engine-failed', notice.text);
    const answer = await this.ctx.engine.search(searchParams(asked), token);
    const notes = notice === undefined ? answer.notes : [...answer.notes, notice.text];
    const hits = answer.hits.map((hit) => ({
      ...hit,
      path: pathShown(hit),
      copies: hit.copies.map((copy) => ({ ...copy, path: pathShown(copy) })),
    }));
    const budget = Math.min(asked.maxTokens, tokenizationOptions?.tokenBudget ?? asked.maxTokens);
    const text = await withinBudget(
      (tokens) => agentText(hits, { maxTokens: tokens, notes }),
      budget,
      tokenizationOptions === undefined
        ? undefined
        : (candidate) => tokenizationOptions.countTokens(candidate, token),
    );
    return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(text)]);
  }
}

/** With the folder's name first in a workspace of several. */
function pathShown({ root, path }: WirePlace): string {
  return vscode.workspace.asRelativePath(vscode.Uri.joinPath(vscode.Uri.file(root), path));
}

/** What will happen, in words that a reader can agree to. */
function confirmation(asked: ToolInput): string {
  const lines = [vscode.l10n.t('Find places in this workspace that answer:'), '', `> ${quote(asked.query)}`];
  if (asked.paths.length > 0) {
    lines.push('', vscode.l10n.t('Only in: {0}', asked.paths.map((path) => code(path)).join(', ')));
  }
  if (asked.languages.length > 0) {
    lines.push('', vscode.l10n.t('Only languages: {0}', asked.languages.map((id) => code(id)).join(', ')));
  }
  lines.push(
    '',
    vscode.l10n.t(
      'At most {0} places with their code go to the chat. The search itself runs on this machine.',
      asked.maxResults,
    ),
  );
  return lines.join('\n');
}

function quote(text: string): string {
  return text.replace(/[\\`*_{}[\]<>#|!]/gu, '\\$&').replace(/\s+/gu, ' ');
}

function code(text: string): string {
  return `\`${text.replaceAll('`', "'")}\``;
}
