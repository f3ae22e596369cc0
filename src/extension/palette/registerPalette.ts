/** The palette: "Search by Meaning". */
import * as vscode from 'vscode';
import type { FeatureContext, Opener, PanelApi } from '../features';
import { COMMAND } from '../ids';
import { moreLikeThis } from '../similar/moreLikeThis';
import { SearchPicker } from './picker';

export function registerPalette(ctx: FeatureContext, panel: PanelApi, opener: Opener): vscode.Disposable {
  let open: SearchPicker | undefined;
  const command = ctx.command(COMMAND.search, (query) => {
    open?.dispose();
    const picker = new SearchPicker(
      { ctx, panel, opener, moreLikeThis: (hit) => moreLikeThis(ctx, panel, opener, hit) },
      () => {
        if (open === picker) open = undefined;
      },
    );
    open = picker;
    // The history knows the last query of panel and palette alike, and of the session before.
    picker.show(typeof query === 'string' ? query : (ctx.history.queries[0] ?? ''));
  });
  return vscode.Disposable.from(command, new vscode.Disposable(() => open?.dispose()));
}
