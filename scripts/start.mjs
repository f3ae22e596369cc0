// `npm start -- "a question" [--root DIR]`: sets up what is missing, then searches. Any other command of the
// CLI works as well: `npm start -- status`.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ensureBuilt, ensureInstalled, projectNode, root, run } from './setup.mjs';

const commands = new Set(JSON.parse(readFileSync(path.join(root, 'src/cli/commands.json'), 'utf8')));

try {
  await ensureInstalled();
  await ensureBuilt();
  const args = process.argv.slice(2);
  const [first] = args;
  const isCommand = first === undefined || first.startsWith('-') || commands.has(first);
  const namesRoot = args.some((arg) => arg === '--root' || arg.startsWith('--root='));
  const command = isCommand ? args : ['search', ...args, ...(namesRoot ? [] : ['--root', root])];
  process.exitCode = await run(projectNode, [path.join(root, 'dist/cli.js'), ...command], {
    output: 'inherit',
    // npm runs scripts in the package's folder and keeps the caller's in INIT_CWD: relative paths mean that one.
    cwd: process.env.INIT_CWD ?? root,
  });
} catch (error) {
  console.error(`npm start: ${error.message}`);
  process.exitCode = 2;
}
