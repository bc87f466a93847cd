import '../../styles/tokens.css';
import '../../styles/base.css';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { SecretState } from '#shared/host-window.ts';
import { success } from '#shared/result.ts';
import { Cleanup } from '#support/cleanup.ts';
import { mountWindow } from '#support/mount-window.ts';
import { ScriptedCore } from '#support/scripted-core.ts';
import { emptyDraft } from '../../actions/console.ts';
import type { App } from '../../app.ts';

const cleanup = new Cleanup();
beforeEach(() => page.viewport(1_280, 800));
afterEach(() => cleanup.run());

const withToken = {
  ...emptyDraft(),
  name: 'new',
  url: 'http://new.example',
  authentication: { kind: 'bearer' as const, token: '${env:T}' },
};

function openForm(core: ScriptedCore, secrets: Partial<SecretState>): App {
  const app = mountWindow(core, cleanup);
  app.live.setState({
    secrets: {
      kind: 'secret-state',
      backend: 'keychain',
      names: [],
      needsConsent: false,
      problem: '',
      ...secrets,
    },
  });
  app.session.setState({
    view: { kind: 'settings', section: 'sources' },
    sourceEdit: { draft: withToken, replaces: null },
  });
  return app;
}

describe('a test of a connection', () => {
  it('asks before a secret goes to a server for which the file does not have it', async () => {
    const asks = [{ to: 'http://new.example', references: ['${env:T}'] }];
    const core = new ScriptedCore({}, { test: () => success({ asks, steps: [] }) });
    openForm(core, {});
    await userEvent.click(page.getByRole('button', { name: 'Test connection' }));
    await expect.element(page.getByText('would be sent to', { exact: false })).toBeVisible();
    await userEvent.click(page.getByRole('button', { name: 'Send and test' }));
    const sent = core.calls.filter(({ command }) => command === 'source.test').map(({ input }) => input);
    expect(sent).toMatchObject([{ secretsTo: [] }, { secretsTo: ['http://new.example'] }]);
    // Another address is another question.
    await userEvent.fill(page.getByRole('textbox', { name: 'Address' }), 'http://other.example');
    expect(page.getByRole('button', { name: 'Send and test' }).query()).toBeNull();
  });
});

describe('what was typed', () => {
  const address = page.getByRole('textbox', { name: 'Address' });

  it('is there again after Escape, until it is saved or started over', async () => {
    const app = openForm(new ScriptedCore({}), {});
    await userEvent.fill(address, 'http://typed.example');
    await userEvent.keyboard('{Escape}');
    await expect.element(page.getByText('What you typed is kept', { exact: false })).toBeVisible();
    expect(address.query()).toBeNull();
    app.session.setState({ sourceEdit: { draft: withToken, replaces: null } });
    await expect.element(address).toHaveValue('http://typed.example');
    expect(app.session.getState().toast).toBeNull();
    await userEvent.click(page.getByRole('button', { name: 'Start over' }));
    await expect.element(address).toHaveValue('http://new.example');
    expect(app.session.getState().sourceTyped).toBeNull();
  });

  it('is not put into the form of another source, and nothing is said where nothing was typed', async () => {
    const app = openForm(new ScriptedCore({}), {});
    await userEvent.fill(address, 'http://typed.example');
    app.session.setState({ sourceEdit: { draft: { ...withToken, name: 'old' }, replaces: 'old' } });
    await expect.element(address).toHaveValue('http://new.example');
    await userEvent.click(page.getByRole('button', { name: 'Back' }));
    await expect.poll(() => app.session.getState().sourceEdit).toBeNull();
    expect(app.session.getState().toast).toBeNull();
  });
});

describe('where a secret is kept', () => {
  it.each<readonly [SecretState['backend'], string]>([
    ['none', 'a keychain is in the desktop app'],
    ['session', 'lasts until OpsSight is quit'],
    ['plain', 'only hides them'],
    ['keychain', 'only the core is given it'],
  ])('is said: %s', async (backend, words) => {
    openForm(new ScriptedCore({}), { backend, problem: 'The keychain is locked.' });
    await expect.element(page.getByText(words, { exact: false })).toBeVisible();
    expect(page.getByLabelText('Type the token').query() === null).toBe(backend === 'none');
    if (backend !== 'none') await expect.element(page.getByText('The keychain is locked.')).toBeVisible();
  });

  it('gets what was typed, the form gets the reference, and the field is empty again', async () => {
    const app = openForm(new ScriptedCore({}), { names: ['new-token'] });
    const heard: unknown[] = [];
    Object.assign(app.host, { send: (message: unknown) => heard.push(message) });
    const field = page.getByLabelText('Type the token');
    await userEvent.fill(field, 'c4n4ry');
    await userEvent.keyboard('{Enter}');
    expect(heard).toEqual([{ kind: 'store-secret', name: 'new-token-2', value: 'c4n4ry' }]);
    await expect.element(field).toHaveValue('');
    await expect
      .element(page.getByLabelText('Token', { exact: true }))
      .toHaveValue('${keychain:new-token-2}');
    expect(JSON.stringify([app.session.getState(), app.live.getState()])).not.toContain('c4n4ry');
  });
});
