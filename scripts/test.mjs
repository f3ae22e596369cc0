// `npm test`: sets up what is missing, builds product and tests, and runs them all.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { ensureBuilt, ensureInstalled, projectNode, root, run } from './setup.mjs';

try {
  await ensureInstalled();
  await ensureBuilt();
  await ensureBuilt({ tests: true });
  const wanted = process.argv.slice(2);
  const files = readdirSync(path.join(root, 'out/test'), { recursive: true })
    .filter((file) => file.endsWith('.test.js') && wanted.every((word) => file.includes(word)))
    .map((file) => path.join('out/test', file));
  process.exitCode = await run(projectNode, ['--test', '--enable-source-maps', ...files], {
    output: 'inherit',
  });
} catch (error) {
  console.error(`npm test: ${error.message}`);
  process.exitCode = 2;
}
