import { useApp } from '../app.ts';
import { commandOf, type CommandId } from '../keys/keymap.ts';
import { Chord } from '../ui/key-chip.tsx';
import styles from './key-list.module.css';
import { useKeymap } from './use-keymap.ts';

/** Commands with their keys, in groups; made from the keymap, so that it cannot be wrong. */
export function KeyList({ commands }: { readonly commands: readonly CommandId[] }) {
  const { mac } = useApp();
  const keymap = useKeymap();
  const keyed = commands.filter((id) => (keymap.get(id) ?? []).length > 0);
  const groups = [...new Set(keyed.map((id) => commandOf(id).group))];
  return (
    <div className={styles.groups}>
      {groups.map((group) => (
        <section key={group} aria-label={group}>
          <p className={styles.group}>{group}</p>
          <dl>
            {keyed
              .filter((id) => commandOf(id).group === group)
              .map((id) => (
                <div key={id} className={styles.row}>
                  <dt>{commandOf(id).title}</dt>
                  <dd>
                    {(keymap.get(id) ?? []).map((chord) => (
                      <Chord key={chord} chord={chord} mac={mac} />
                    ))}
                  </dd>
                </div>
              ))}
          </dl>
        </section>
      ))}
    </div>
  );
}
