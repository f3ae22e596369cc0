// `npm test [WORD...]`: sets up what is missing, builds product and tests, and runs all of them, or those whose path
// holds every WORD. Those in a real VS Code come last: wherever one can be had, and with NEOSEARCH_REQUIRE_VSCODE=1
// not having one is a failure.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { ensureBuilt, ensureInstalled, projectNode, root, run } from './setup.mjs';
import { findVsCode } from './vscode.mjs';

const IN_VSCODE = path.join('out', 'test', 'extension');

try {
  await ensureInstalled();
  await ensureBuilt();
  await ensureBuilt({ tests: true });
  const wanted = process.argv.slice(2);
  const files = readdirSync(path.join(root, 'out/test'), { recursive: true })
    .filter((file) => file.endsWith('.test.js') && wanted.every((word) => file.includes(word)))
    .map((file) => path.join('out/test', file));
  const inVsCode = files.filter((file) => file.startsWith(IN_VSCODE));
  const others = files.filter((file) => !file.startsWith(IN_VSCODE));
  const failed = (await runTests(others)) + (await runInVsCode(inVsCode));
  process.exitCode = failed > 0 ? 1 : 0;
} catch (error) {
  console.error(`npm test: ${error.message}`);
  process.exitCode = 2;
}

/** @returns 0 when all passed */
async function runTests(files, flags = [], env = {}) {
  if (files.length === 0) return 0;
  return run(projectNode, ['--test', '--enable-source-maps', ...flags, ...files], { output: 'inherit', env });
}

/** Windows are heavy: one after the other. */
async function runInVsCode(files) {
  if (files.length === 0) return 0;
  const editor = await findVsCode(root);
  if (editor.kind === 'none') {
    console.log(`\nThe tests in a real VS Code were NOT run: ${editor.reason}`);
    return process.env.NEOSEARCH_REQUIRE_VSCODE === '1' ? 1 : 0;
  }
  console.log(
    `\nIn a real VS Code (${editor.kind === 'server' ? 'code-server in Chromium' : 'the desktop application'}):`,
  );
  return runTests(files, ['--test-concurrency=1'], { NEOSEARCH_VSCODE: JSON.stringify(editor) });
}
