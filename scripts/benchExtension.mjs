// Measures the extension in a real VS Code: `node scripts/benchExtension.mjs [--root DIR] [--files N] [--saves N]`.
import { ensureBuilt, ensureInstalled, projectNode, root, run } from './setup.mjs';
import { findVsCode } from './vscode.mjs';

await ensureInstalled();
await ensureBuilt({ tests: true });
const editor = await findVsCode(root);
if (editor.kind === 'none') throw new Error(editor.reason);
process.exitCode = await run(
  projectNode,
  ['--enable-source-maps', 'out/test/bench/extension.js', ...process.argv.slice(2)],
  { env: { NEOSEARCH_VSCODE: JSON.stringify(editor) }, output: 'inherit' },
);
