/** The manifest and the code name the same things. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import {
  COMMAND,
  CONFIGURATION_SECTION,
  CONTEXT,
  MCP_PROVIDER,
  SETTING,
  TOOL,
  VIEW,
  WALKTHROUGH,
} from '../../../src/extension/ids';

interface Setting {
  readonly scope: string;
  readonly markdownDescription?: string;
}

interface Manifest {
  readonly activationEvents: readonly string[];
  readonly capabilities: {
    readonly untrustedWorkspaces: { readonly restrictedConfigurations: readonly string[] };
  };
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly enablement?: string }[];
    readonly views: Readonly<Record<string, readonly { readonly id: string }[]>>;
    readonly viewsContainers: Readonly<Record<string, readonly { readonly id: string }[]>>;
    readonly viewsWelcome: readonly { readonly view: string }[];
    readonly menus: Readonly<Record<string, readonly { readonly command?: string }[]>>;
    readonly keybindings: readonly { readonly command: string; readonly key: string }[];
    readonly configuration: { readonly properties: Readonly<Record<string, Setting>> };
    readonly walkthroughs: readonly {
      readonly id: string;
      readonly steps: readonly { readonly media: Readonly<Record<string, string>> }[];
    }[];
    readonly languageModelTools: readonly { readonly name: string }[];
    readonly mcpServerDefinitionProviders: readonly { readonly id: string }[];
  };
}

const text = readFileSync('package.json', 'utf8');
const manifest = JSON.parse(text) as Manifest;
const nlsText = readFileSync('package.nls.json', 'utf8');
const nls = JSON.parse(nlsText) as Readonly<Record<string, string>>;
const { contributes } = manifest;
const sorted = (names: Iterable<string>): string[] => [...new Set(names)].sort();

describe('manifest', () => {
  it('names the commands of the code', () => {
    assert.deepEqual(
      sorted(contributes.commands.map(({ command }) => command)),
      sorted(Object.values(COMMAND)),
    );
  });

  it('offers no command in menus or keys that it does not have', () => {
    const known = new Set<string>(Object.values(COMMAND));
    const used = [...Object.values(contributes.menus).flat(), ...contributes.keybindings]
      .map(({ command }) => command)
      .filter((command) => command !== undefined);
    assert.deepEqual(
      used.filter((command) => !known.has(command)),
      [],
    );
  });

  it('names the views of the code', () => {
    const { panelEditor, container, ...views } = VIEW;
    const there = Object.values(contributes.views).flat();
    assert.deepEqual(sorted(there.map(({ id }) => id)), sorted(Object.values(views)));
    assert.deepEqual(
      Object.values(contributes.viewsContainers)
        .flat()
        .map(({ id }) => id),
      [container],
    );
    assert.ok(manifest.activationEvents.includes(`onWebviewPanel:${panelEditor}`));
    for (const { view } of contributes.viewsWelcome) {
      assert.ok(
        there.some(({ id }) => id === view),
        view,
      );
    }
  });

  it('names the settings of the code', () => {
    assert.deepEqual(
      sorted(Object.keys(contributes.configuration.properties)),
      sorted(Object.values(SETTING).map((key) => `${CONFIGURATION_SECTION}.${key}`)),
    );
  });

  it('lets no workspace set what names a model, a device or a place on disk', () => {
    for (const key of [SETTING.model, SETTING.device, SETTING.indexLocation]) {
      assert.equal(contributes.configuration.properties[`${CONFIGURATION_SECTION}.${key}`]?.scope, 'machine');
    }
  });

  it('reads no setting of an untrusted folder', () => {
    const settable = Object.entries(contributes.configuration.properties)
      .filter(([, { scope }]) => scope === 'window' || scope === 'resource')
      .map(([name]) => name);
    assert.deepEqual(
      sorted(manifest.capabilities.untrustedWorkspaces.restrictedConfigurations),
      sorted(settable),
    );
  });

  it('names walkthrough, tool and provider of the code', () => {
    assert.deepEqual(
      contributes.walkthroughs.map(({ id }) => `neosearch.${id}`),
      [WALKTHROUGH],
    );
    assert.deepEqual(
      contributes.languageModelTools.map(({ name }) => name),
      Object.values(TOOL),
    );
    assert.deepEqual(
      contributes.mcpServerDefinitionProviders.map(({ id }) => id),
      [MCP_PROVIDER],
    );
  });

  it('asks only for context keys that the code sets', () => {
    const keys = new Set<string>(Object.values(CONTEXT));
    const commands = new Set<string>([...Object.values(COMMAND), ...Object.values(VIEW)]);
    const whens = [...text.matchAll(/"(?:when|enablement)": "([^"]*)"/g)].map(([, when = '']) => when);
    const used = whens.flatMap((when) => when.match(/neosearch\.\w+/g) ?? []);
    assert.deepEqual(
      used.filter((key) => !keys.has(key) && !commands.has(key)),
      [],
    );
  });

  it('has a text for every key, and no text without one', () => {
    const used = [...text.matchAll(/"%([\w.]+)%"/g)].map(([, key = '']) => key);
    assert.deepEqual(sorted(used), sorted(Object.keys(nls)));
    assert.ok(Object.values(nls).every((value) => value.trim() !== ''));
  });

  it('links from texts to commands that are there', () => {
    const linked = [...nlsText.matchAll(/\(command:(neosearch\.[\w.]+)/g)].map(([, command = '']) => command);
    const known = new Set<string>(Object.values(COMMAND));
    assert.deepEqual(
      linked.filter((command) => !known.has(command)),
      [],
    );
  });

  it('shows pages of the walkthrough that are there', () => {
    for (const { steps } of contributes.walkthroughs) {
      for (const { media } of steps) {
        for (const file of Object.values(media)) assert.ok(existsSync(file), file);
      }
    }
  });
});
