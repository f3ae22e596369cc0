/** The page of the search panel: one script, two style sheets, nothing from elsewhere. */
import { randomBytes } from 'node:crypto';
import type { PanelMemory } from '../../protocol/panelMessages';

export interface PageParts {
  readonly cspSource: string;
  readonly script: string;
  readonly style: string;
  readonly codicons: string;
  readonly title: string;
  /** What an earlier page of this view remembered. */
  readonly memory: PanelMemory | undefined;
  /** Texts of the page, by their English form. */
  readonly texts: Readonly<Record<string, string>>;
}

export function panelHtml({ cspSource, script, style, codicons, title, memory, texts }: PageParts): string {
  const nonce = randomBytes(16).toString('base64url');
  const policy = [
    "default-src 'none'",
    `img-src ${cspSource}`,
    `font-src ${cspSource}`,
    `style-src ${cspSource}`,
    `script-src 'nonce-${nonce}'`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${codicons}" id="vscode-codicon-stylesheet">
<link rel="stylesheet" href="${style}">
<title>${escaped(title)}</title>
</head>
<body>
<script type="application/json" id="texts" nonce="${nonce}">${json(texts)}</script>
<script type="application/json" id="memory" nonce="${nonce}">${memory === undefined ? '' : json(memory)}</script>
<script nonce="${nonce}" src="${script}"></script>
</body>
</html>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Inside a script element. */
function json(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}
