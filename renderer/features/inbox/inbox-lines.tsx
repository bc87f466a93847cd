import { ChevronDown, ChevronRight } from 'lucide-react';
import { labelOf } from '#shared/model/labels.ts';
import { plainText } from '#shared/text.ts';
import { Age } from '../../parts/age.tsx';
import { Glyph } from '../../parts/glyphs.tsx';
import type { AlertItem, GroupItem, InboxItem, SectionItem } from './inbox-items.ts';
import { InboxRowCells } from './inbox-row.tsx';
import styles from './inbox.module.css';

/** What a line of the inbox looks like, whichever it is. */

const columnCount = 8;

export function lineOf(item: InboxItem, blind: boolean) {
  switch (item.kind) {
    case 'section':
      return <SectionCells section={item} />;
    case 'group':
      return <GroupCells group={item} />;
    case 'row':
      return <InboxRowCells item={item} blind={blind} />;
    case 'alert':
      return <AlertCells item={item} blind={blind} />;
    case 'rest':
      return (
        <span role="gridcell" aria-colspan={columnCount} className={styles.rest}>
          {item.text}
        </span>
      );
  }
}

function SectionCells({ section }: { readonly section: SectionItem }) {
  return (
    <span role="gridcell" aria-colspan={columnCount} className={styles.section}>
      <strong>{section.title}</strong>
      <span className={styles.label}>{section.count}</span>
      {section.isFolded ? <FoldedSign /> : null}
      <span className={styles.order}>{section.order}</span>
    </span>
  );
}

function FoldedSign() {
  return (
    <span className={styles.folded}>
      <ChevronRight size={14} strokeWidth={1.75} aria-hidden="true" /> folded
    </span>
  );
}

function GroupCells({ group }: { readonly group: GroupItem }) {
  const { worst } = group;
  return (
    <span role="gridcell" aria-colspan={columnCount} className={styles.group}>
      {group.isFolded ? null : <ChevronDown size={14} strokeWidth={1.75} aria-hidden="true" />}
      {group.names.map((name, index) => (
        <span key={name} className={styles.token}>
          <span className={styles.label}>{plainText(name, 60)}</span>{' '}
          {group.values[index] === '' ? (
            <span className={styles.label}>none</span>
          ) : (
            plainText(group.values[index] ?? '', 80)
          )}
        </span>
      ))}
      <span className={styles.label}>{group.count}</span>
      {group.isFolded ? <FoldedSign /> : null}
      <span className={styles.order}>
        {worst === null ? 'all ended' : `worst ${plainText(worst.word, 12)}`}
      </span>
    </span>
  );
}

const wordOfState = {
  firing: 'firing',
  suppressed: 'muted',
  unseen: 'not seen',
  resolved: 'resolved',
} as const;

/** One alert of an expanded incident, by what tells it from the others. */
function AlertCells({ item, blind }: { readonly item: AlertItem; readonly blind: boolean }) {
  const { facts, names } = item;
  const state = blind && facts.state !== 'resolved' ? 'last seen firing' : wordOfState[facts.state];
  const isPlain = facts.state === 'firing' && !blind;
  const glyph = facts.state === 'resolved' ? 'ok' : facts.state === 'suppressed' ? 'muted' : 'blind';
  const shown = names.length === 0 ? ['alertname'] : names;
  return (
    <>
      <span role="gridcell" className={styles.alertState}>
        {isPlain ? null : <Glyph name={blind ? 'blind' : glyph} />} {state}
      </span>
      <span role="gridcell" aria-colspan={columnCount - 2} className={styles.alertLabels}>
        {shown.map((name) => {
          const value = labelOf(facts.labels, name);
          return value === '' ? null : (
            <span key={name} className={styles.token}>
              <span className={styles.label}>{plainText(name, 40)}</span> {plainText(value, 80)}
            </span>
          );
        })}
      </span>
      <span role="gridcell" className={styles.alertAge}>
        {blind || facts.state === 'unseen' ? '≥ ' : ''}
        {facts.ended ? '–' : <Age sinceMs={facts.startsAtMs} />}
      </span>
    </>
  );
}
