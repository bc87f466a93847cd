import { useEffect, useState } from 'react';
import { useApp } from '../app.ts';
import { Announcements, type Announcement } from './announcements.ts';

const nothing: Announcement = { words: '', interrupts: false };

/** Says new incidents to a screen reader, sparingly; it draws nothing. */
export function Announcer() {
  const { live } = useApp();
  const [said, setSaid] = useState(nothing);
  useEffect(() => {
    const announcements = new Announcements(setSaid);
    announcements.show(live.getState().incidents);
    const stop = live.subscribe(({ incidents }) => announcements.show(incidents));
    return () => {
      stop();
      announcements.stop();
    };
  }, [live]);
  return (
    <>
      <p className="unseen" aria-live="polite">
        {said.interrupts ? '' : said.words}
      </p>
      <p className="unseen" aria-live="assertive">
        {said.interrupts ? said.words : ''}
      </p>
    </>
  );
}
