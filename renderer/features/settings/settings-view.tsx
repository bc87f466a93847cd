import { useEffect, useState } from 'react';
import type { CommandFailure } from '#shared/failure.ts';
import type { SettingsView as Settings } from '#shared/model/settings.ts';
import { plainText } from '#shared/text.ts';
import { openSettings } from '../../actions/view.ts';
import { useApp, useLive, useSession } from '../../app.ts';
import { ViewHeader } from '../../parts/view-header.tsx';
import { isReachable } from '../../stores/live.ts';
import { settingsSections, type SettingsSection } from '../../stores/session.ts';
import { AppearanceSection } from './appearance-section.tsx';
import { ConfigurationSection } from './configuration-section.tsx';
import { DesktopSection } from './desktop-section.tsx';
import { KeysSection } from './keys-section.tsx';
import styles from './settings.module.css';
import { SourceForm } from './source-form.tsx';
import { SourcesSection } from './sources-section.tsx';

const titles = {
  sources: 'Sources',
  appearance: 'Appearance',
  keys: 'Keys',
  desktop: 'Desktop',
  configuration: 'Configuration',
} as const satisfies Record<SettingsSection, string>;

/** The configuration, section by section. What it saves is written into the file, comments kept. */
export function SettingsView({ section }: { readonly section: SettingsSection }) {
  const app = useApp();
  const edit = useSession((state) => state.sourceEdit);
  const { settings, failure, setSettings } = useSettings();
  const isDesktop = useLive((state) => state.desktop !== null);
  return (
    <div className={styles.view}>
      <ViewHeader title="Settings">
        <p className={styles.path}>{settings === null ? '' : plainText(settings.path, 300)}</p>
      </ViewHeader>
      <div className={styles.panes}>
        <nav className={styles.sections} aria-label="Settings">
          <ul>
            {settingsSections
              .filter((name) => name !== 'desktop' || isDesktop)
              .map((name) => (
                <li key={name}>
                  <button
                    type="button"
                    aria-current={name === section ? 'page' : undefined}
                    onClick={() => openSettings(app, name)}
                  >
                    {titles[name]}
                  </button>
                </li>
              ))}
          </ul>
        </nav>
        <section className={styles.content} aria-label={titles[section]} tabIndex={-1}>
          {settings === null ? (
            <Waiting failure={failure} />
          ) : section === 'sources' && edit !== null ? (
            <SourceForm key={edit.replaces ?? ''} edit={edit} settings={settings} onSaved={setSettings} />
          ) : (
            <Section section={section} settings={settings} onChanged={setSettings} />
          )}
        </section>
      </div>
    </div>
  );
}

interface SectionProps {
  readonly section: SettingsSection;
  readonly settings: Settings;
  readonly onChanged: (settings: Settings) => void;
}

function Section({ section, settings, onChanged }: SectionProps) {
  switch (section) {
    case 'sources':
      return <SourcesSection settings={settings} onChanged={onChanged} />;
    case 'appearance':
      return <AppearanceSection />;
    case 'keys':
      return <KeysSection />;
    case 'desktop':
      return <DesktopSection view={settings} />;
    case 'configuration':
      return <ConfigurationSection settings={settings} />;
  }
}

function Waiting({ failure }: { readonly failure: CommandFailure | null }) {
  if (failure === null) return <p className={styles.message}>Reading the configuration.</p>;
  return (
    <p className={styles.message}>
      {plainText(failure.message, 300)}. {plainText(failure.nextStep, 300)}
    </p>
  );
}

/** The settings as the core has them: asked when the view opens and whenever the file has changed. */
function useSettings() {
  const { core, session } = useApp();
  const reachable = useLive(isReachable);
  const configuration = useLive((state) => state.console?.configuration);
  const [settings, setSettings] = useState<Settings | null>(null);
  const [failure, setFailure] = useState<CommandFailure | null>(null);
  useEffect(() => {
    const controller = new AbortController();
    void core.call('settings.read', {}, { signal: controller.signal }).then((answer) => {
      if (controller.signal.aborted) return;
      if (answer.ok) setSettings(answer.value);
      setFailure(answer.ok ? null : answer.failure);
    });
    return () => controller.abort();
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- asked again when either changes
  }, [core, reachable, configuration]);
  useEffect(() => {
    session.setState({ configuredSources: settings?.sources.map((source) => source.draft) ?? [] });
  }, [session, settings]);
  return { settings, failure, setSettings };
}
