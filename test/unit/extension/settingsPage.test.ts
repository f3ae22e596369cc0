/** docs/settings.md names what the manifest has, with its keys, defaults and values. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';

interface Setting {
  readonly default: unknown;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
}

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string }[];
    readonly keybindings: readonly {
      readonly command: string;
      readonly key: string;
      readonly mac: string;
    }[];
    readonly configuration: { readonly properties: Readonly<Record<string, Setting>> };
  };
}

const { contributes } = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
const texts = JSON.parse(readFileSync('package.nls.json', 'utf8')) as Readonly<Record<string, string>>;
const page = readFileSync('docs/settings.md', 'utf8');

/** The cells of the table below a heading, its own heading and rule left out. */
function table(heading: string): string[][] {
  const [, after = ''] = page.split(`\n## ${heading}\n`);
  const [section = ''] = after.split('\n## ');
  return section
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2)
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    );
}

const sorted = (rows: readonly string[][]): string[][] =>
  [...rows].sort(([a = ''], [b = '']) => a.localeCompare(b));

describe('the page of commands and settings', () => {
  it('has every command by its title, with its keys', () => {
    const keyText = (key: string): string =>
      `\`${key.replace(/(^|\+)(\w)/g, (_match, plus: string, first: string) => plus + first.toUpperCase())}\``;
    const expected = contributes.commands.map(({ command, title }) => {
      const key = contributes.keybindings.find((binding) => binding.command === command);
      const keys = key === undefined ? '' : `${keyText(key.key)}, ${keyText(key.mac)}`;
      return [texts[title.replaceAll('%', '')] ?? title, keys];
    });
    const named = table('Commands').map(([title = '', keys = '']) => [
      title,
      keys.startsWith('`') ? keys : '',
    ]);
    assert.deepEqual(sorted(named), sorted(expected));
  });

  it('has every setting, with its default and its values', () => {
    const expected = Object.entries(contributes.configuration.properties).map(([name, setting]) => {
      const { minimum, maximum } = setting;
      const values =
        setting.enum?.map((value) => `\`${value}\``).join(', ') ??
        (minimum === undefined ? '' : `${minimum} to ${maximum}`);
      const shown = typeof setting.default === 'string' ? setting.default : JSON.stringify(setting.default);
      return [name, shown === '' ? '' : `\`${shown}\``, values];
    });
    const named = table('Settings').map(([name = '', shown = '', values = '']) => [
      name,
      shown,
      values === 'globs' ? '' : values,
    ]);
    assert.deepEqual(sorted(named), sorted(expected));
  });

  it('says of each what it is', () => {
    for (const row of [...table('Commands'), ...table('Settings')]) {
      assert.ok((row.at(-1) ?? '').length > 5, row[0]);
    }
  });
});
