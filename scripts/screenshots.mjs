// Takes the README's pictures in a real VS Code: `node scripts/screenshots.mjs`.
import { ensureBuilt, ensureInstalled, projectNode, root, run } from './setup.mjs';
import { findVsCode } from './vscode.mjs';

await ensureInstalled();
await ensureBuilt({ tests: true });
const editor = await findVsCode(root);
if (editor.kind === 'none') throw new Error(editor.reason);
process.exitCode = await run(projectNode, ['--enable-source-maps', 'out/test/bench/screenshots.js'], {
  env: { NEOSEARCH_VSCODE: JSON.stringify(editor) },
  output: 'inherit',
});
