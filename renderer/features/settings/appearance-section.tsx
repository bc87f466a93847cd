import { useApp, usePreferences } from '../../app.ts';
import { themes, type Theme } from '../../stores/prefs.ts';
import styles from './settings.module.css';

const words = { dark: 'Dark', light: 'Light', system: 'As the system' } as const satisfies Record<
  Theme,
  string
>;

/** The theme of this window; kept in the browser, not in the configuration. */
export function AppearanceSection() {
  const { preferences } = useApp();
  const theme = usePreferences((state) => state.theme);
  return (
    <fieldset className={styles.choices}>
      <legend>Theme</legend>
      {themes.map((name) => (
        <label key={name}>
          <input
            type="radio"
            name="theme"
            checked={name === theme}
            onChange={() => preferences.setState({ theme: name })}
          />
          {words[name]}
        </label>
      ))}
    </fieldset>
  );
}
