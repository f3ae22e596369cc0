// Lint: type-aware rules, and the import rule that keeps the layers apart (docs/architecture.md).
import js from '@eslint/js';
import tseslint from 'typescript-eslint';

const layers = ['base', 'core', 'protocol', 'engine', 'cli', 'extension', 'webview'];
/** What each layer may import, besides itself. */
const allowed = {
  base: [],
  core: ['base'],
  protocol: [],
  engine: ['base', 'core', 'protocol'],
  cli: ['base', 'core', 'engine'],
  extension: ['base', 'protocol'],
  webview: ['protocol'],
};

const layerRules = layers.map((layer) => ({
  files: [`src/${layer}/**/*.ts`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            regex: `^(\\.\\./)+(${layers.filter((l) => l !== layer && !allowed[layer].includes(l)).join('|') || '$^'})/`,
            message: `src/${layer} may import ${allowed[layer].join(', ') || 'nothing'} only.`,
          },
          ...(layer === 'base' || layer === 'core' || layer === 'protocol' || layer === 'webview'
            ? [{ regex: '^node:', message: `src/${layer} is pure: nothing ambient.` }]
            : []),
          ...(layer === 'extension'
            ? []
            : [{ regex: '^vscode$', message: 'Only src/extension imports vscode.' }]),
        ],
      },
    ],
  },
}));

export default tseslint.config(
  { ignores: ['node_modules', 'dist', 'out', 'test/fixtures', 'training', 'media'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      'max-lines': ['error', { max: 400, skipComments: true, skipBlankLines: true }],
    },
  },
  {
    // node:test's describe and it return promises that the runner awaits.
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafeCalls: [
            { from: 'package', name: ['it', 'test', 'describe', 'suite'], package: 'node:test' },
          ],
        },
      ],
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  {
    files: ['**/*.mjs'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        fetch: 'readonly',
        AbortSignal: 'readonly',
      },
    },
  },
  ...layerRules,
);
