import { useSyncExternalStore } from 'react';
import { usePreferences } from '../app.ts';

const query = '(prefers-color-scheme: light)';

function subscribe(listener: () => void): () => void {
  const media = matchMedia(query);
  media.addEventListener('change', listener);
  return () => media.removeEventListener('change', listener);
}

/** The theme in force: the person's choice, or the system's where they left it to that. */
export function useTheme(): 'dark' | 'light' {
  const theme = usePreferences((state) => state.theme);
  const systemIsLight = useSyncExternalStore(subscribe, () => matchMedia(query).matches);
  if (theme !== 'system') return theme;
  return systemIsLight ? 'light' : 'dark';
}
