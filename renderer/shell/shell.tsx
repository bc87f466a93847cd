import { useEffect, useLayoutEffect, useRef, type ReactNode } from 'react';
import { useLive, useSession } from '../app.ts';
import { useChordInForce } from '../parts/use-chord-in-force.ts';
import { useTheme } from '../parts/use-theme.ts';
import { ChordInForce } from '../ui/key-chip.tsx';
import { Announcer } from './announcer.tsx';
import { BannerStack } from './banner-stack.tsx';
import { CurrentView } from './current-view.tsx';
import { LateOverlays } from './late-overlays.tsx';
import { LateTour } from './late-tour.tsx';
import { Rail } from './rail.tsx';
import { RefusedPage } from './refused-page.tsx';
import styles from './shell.module.css';
import { StatusLine } from './status-line.tsx';
import { ToastLine } from './toast.tsx';
import { TopBar } from './top-bar.tsx';
import { ViewBoundary } from './view-boundary.tsx';

/** The window: rail, bars and the view between them. */
export function Shell() {
  const refused = useLive((state) => state.link.kind === 'refused' && state.console === null);
  const view = useSession((state) => state.view);
  const theme = useTheme();
  const chordInForce = useChordInForce(view.kind);
  // Before any canvas below draws itself with the tokens of the theme.
  useLayoutEffect(() => {
    document.documentElement.dataset['theme'] = theme;
  }, [theme]);

  if (refused) return <RefusedPage />;
  return (
    <div className={styles.window}>
      <ChordInForce value={chordInForce}>
        <TopBar />
        <Rail />
        <div className={styles.center}>
          <BannerStack />
          <Main key={view.kind}>
            <ViewBoundary view={view}>
              <CurrentView view={view} />
            </ViewBoundary>
          </Main>
        </div>
        <StatusLine context={view.kind} />
        <ToastLine />
      </ChordInForce>
      <LateTour />
      <Announcer />
      <LateOverlays context={view.kind} />
    </div>
  );
}

/** Takes the focus when the view changes, unless something of the view has taken it. */
function Main({ children }: { readonly children: ReactNode }) {
  const main = useRef<HTMLElement>(null);
  useEffect(() => {
    if (document.activeElement === document.body) main.current?.focus();
  }, []);
  return (
    <main ref={main} id="main" className={styles.main} tabIndex={-1}>
      {children}
    </main>
  );
}
