// `npm run eval -- --dev DEV.json --trees TREES --beir DIR --qrels FILE [--against MODEL_DIR]`: builds what is missing,
// then prints what search is measured by (test/bench/evaluate.ts).
import path from 'node:path';
import { ensureBuilt, ensureInstalled, projectNode, root, run } from './setup.mjs';

try {
  await ensureInstalled();
  await ensureBuilt({ tests: true });
  process.exitCode = await run(
    projectNode,
    [path.join(root, 'out/test/bench/evaluate.js'), ...process.argv.slice(2)],
    { output: 'inherit', cwd: process.env.INIT_CWD ?? root },
  );
} catch (error) {
  console.error(`npm run eval: ${error.message}`);
  process.exitCode = 2;
}
