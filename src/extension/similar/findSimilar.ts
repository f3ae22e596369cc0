/** "Find Similar Code": places that do what the selection, function or file does. */
import * as vscode from 'vscode';
import { NeosearchError } from '../../base/errors';
import type { WireAnswer, WireHit, WirePlace } from '../../protocol/messages';
import type { FeatureContext, Opener, PanelApi } from '../features';
import { CONFIGURATION_SECTION, SETTING } from '../ids';
import { unlessCancelled } from '../notice/cancellation';
import { linesOf } from '../ranges';
import { type DocumentOrigin, documentOrigin } from './documentOrigin';
import { maxResults } from './moreLikeThis';

export class SimilarCode {
  private last: DocumentOrigin | undefined;

  constructor(
    private readonly ctx: FeatureContext,
    private readonly panel: PanelApi,
    private readonly opener: Opener,
  ) {}

  /** What was compared last. */
  get origin(): DocumentOrigin | undefined {
    return this.last;
  }

  /** @param args of the command: nothing, the editor's URI, or a file and the files chosen in the explorer */
  async find(...args: readonly unknown[]): Promise<void> {
    const asked = await this.originFrom(args);
    this.last = asked;
    const work = vscode.window.withProgress(
      {
        location: vscode.ProgressLocation.Notification,
        title: vscode.l10n.t('Finding code similar to {0}', this.titleOf(asked)),
        cancellable: true,
      },
      (_progress, token) =>
        this.ctx.engine.similar(
          {
            place: asked.place,
            limit: maxResults(),
            ...(asked.text === undefined ? {} : { text: asked.text }),
          },
          token,
        ),
    );
    const answer = await unlessCancelled(work);
    if (answer === undefined) return;
    if (answer.hits.length === 0) {
      const note = answer.notes[0] ?? vscode.l10n.t('Nothing like it is in the index.');
      void vscode.window.showInformationMessage(note);
      return;
    }
    if (this.wantsPeek()) await this.peek(asked, answer);
    else {
      await this.panel.showHits(vscode.l10n.t('Similar to {0}', this.titleOf(asked)), answer, asked.place);
    }
  }

  private async originFrom(args: readonly unknown[]): Promise<DocumentOrigin> {
    const [uri, others] = args;
    const editor = vscode.window.activeTextEditor;
    const fromExplorer = uri instanceof vscode.Uri && Array.isArray(others);
    if (uri instanceof vscode.Uri && (fromExplorer || uri.toString() !== editor?.document.uri.toString())) {
      const document = await vscode.workspace.openTextDocument(uri);
      return documentOrigin(this.opener, document, undefined, true);
    }
    if (editor === undefined) {
      throw new NeosearchError(
        'bad-argument',
        vscode.l10n.t('Open a file, or select the code to compare, and run this again.'),
      );
    }
    return documentOrigin(this.opener, editor.document, editor.selection, false);
  }

  private titleOf({ origin, place }: DocumentOrigin): string {
    switch (origin.kind) {
      case 'symbol':
        return origin.name;
      case 'file':
        return this.opener.labelOf(place);
      case 'selection':
        return this.opener.referenceOf(place);
    }
  }

  private wantsPeek(): boolean {
    const where = vscode.workspace
      .getConfiguration(CONFIGURATION_SECTION)
      .get<string>(SETTING.similarIn, 'panel');
    return where === 'peek' && vscode.window.activeTextEditor !== undefined;
  }

  private async peek({ document, range }: DocumentOrigin, answer: WireAnswer): Promise<void> {
    const locations = answer.hits.flatMap((hit) => this.locationsOf(hit));
    await vscode.commands.executeCommand(
      'editor.action.peekLocations',
      document.uri,
      range.start,
      locations,
      'peek',
    );
  }

  private locationsOf(hit: WireHit): readonly vscode.Location[] {
    return [hit, ...hit.copies].map((place) => this.locationOf(place));
  }

  private locationOf(place: WirePlace): vscode.Location {
    return new vscode.Location(this.opener.uriOf(place), linesOf(place));
  }
}
