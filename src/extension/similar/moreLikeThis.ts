/** "More like this": places similar to a hit, in the panel. */
import * as vscode from 'vscode';
import type { WireHit, WirePlace } from '../../protocol/messages';
import type { FeatureContext, Opener, PanelApi } from '../features';
import { CONFIGURATION_SECTION, SETTING } from '../ids';

export async function moreLikeThis(
  ctx: FeatureContext,
  panel: PanelApi,
  opener: Opener,
  hit: WireHit,
): Promise<void> {
  const place: WirePlace = {
    root: hit.root,
    path: hit.path,
    startLine: hit.startLine,
    endLine: hit.endLine,
  };
  const answer = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: vscode.l10n.t('Finding similar code…') },
    () => ctx.engine.similar({ place, limit: maxResults() }),
  );
  await panel.showHits(vscode.l10n.t('Similar to {0}', opener.referenceOf(place)), answer, place);
}

/** Most hits of one answer, as the user set it. */
export function maxResults(): number {
  return vscode.workspace.getConfiguration(CONFIGURATION_SECTION).get(SETTING.maxResults, 50);
}
