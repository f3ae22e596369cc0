// The package.json that users get: without what only a checkout needs.

const ONLY_FOR_DEVELOPMENT = [
  'allowScripts',
  'dependencies',
  'devDependencies',
  'optionalDependencies',
  'overrides',
  'private',
  'scripts',
];

/** What the code needs is bundled or lies in the package, so an installed package has no dependencies. */
export function manifest(text) {
  const fields = Object.entries(JSON.parse(text)).filter(([name]) => !ONLY_FOR_DEVELOPMENT.includes(name));
  return `${JSON.stringify(Object.fromEntries(fields), null, 2)}\n`;
}
