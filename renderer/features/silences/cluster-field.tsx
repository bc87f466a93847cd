import { useId } from 'react';
import { plainText } from '#shared/text.ts';
import { Row } from './form-row.tsx';
import styles from './silence-form.module.css';
import { Chip } from './time-fields.tsx';
import { useClusters } from './use-clusters.ts';

interface ClusterFieldProps {
  readonly cluster: string;
  /** A silence stays where it is. */
  readonly isFixed: boolean;
  readonly onCluster: (cluster: string) => void;
}

/** Where the silence goes; nothing is asked where there is only one place. */
export function ClusterField({ cluster, isFixed, onCluster }: ClusterFieldProps) {
  const id = useId();
  const clusters = useClusters();
  if (clusters.length < 2) return null;
  if (isFixed) {
    return (
      <Row label="At">
        <span className={styles.by}>{plainText(cluster, 64)}</span>
      </Row>
    );
  }
  return (
    <Row label="At">
      <div className={styles.chips} role="radiogroup" aria-label="Alertmanager">
        {clusters.map(({ name, sources }) => (
          <Chip
            key={name}
            name={id}
            word={plainText(sources.map((source) => source.name).join(', '), 80)}
            isChosen={name === cluster}
            onChoose={() => onCluster(name)}
          />
        ))}
      </div>
    </Row>
  );
}
