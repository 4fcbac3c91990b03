import { useId } from 'react';
import { useText } from '../text/text.ts';
import { useNumber } from './numbers.ts';
import type { Family } from './state.tsx';
import { Shape } from './state.tsx';

export type Series = { readonly name: string; readonly family: Family };
export type Stack = { readonly name: string; readonly values: readonly number[] };

const WIDTH = 720;
const HEIGHT = 160;
const GAP = 6;
/** The room under the bars, for names that small screens show larger. */
const LABEL = 34;
const MOST_LABELS = 7;

/** Bars over time, each with a part for each series. The numbers are there as a table too. */
export function StackedBars({
  title,
  series,
  stacks,
}: {
  title: string;
  series: readonly Series[];
  stacks: readonly Stack[];
}) {
  const text = useText();
  const write = useNumber();
  const id = useId();
  const most = Math.max(1, ...stacks.map(({ values }) => sum(values)));
  const width = WIDTH / Math.max(1, stacks.length);
  return (
    <section className="chart">
      <h2 id={id}>{title}</h2>
      <ul className="legend">
        {series.map(({ name, family }) => (
          <li key={name}>
            <Shape family={family} /> {name}
          </li>
        ))}
      </ul>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT + LABEL}`} role="img" aria-labelledby={id}>
        <title>{title}</title>
        <path className="axis" d={`M0 ${HEIGHT}H${WIDTH}`} />
        {stacks.map((stack, i) => (
          <Bar
            key={stack.name}
            stack={stack}
            series={series}
            x={i * width}
            width={width}
            scale={(HEIGHT - 16) / most}
            isLabelled={i % Math.ceil(stacks.length / MOST_LABELS) === 0}
          />
        ))}
      </svg>
      <details>
        <summary>{text.asTable}</summary>
        <table className="short">
          <thead>
            <tr>
              <th scope="col" />
              {series.map(({ name }) => (
                <th key={name} scope="col" className="end">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {stacks.map(({ name, values }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                {series.map((one, i) => (
                  <td key={one.name} className="end">
                    {write(values[i] ?? 0)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </section>
  );
}

type BarProps = {
  readonly stack: Stack;
  readonly series: readonly Series[];
  readonly x: number;
  readonly width: number;
  readonly scale: number;
  readonly isLabelled: boolean;
};

function Bar({ stack, series, x, width, scale, isLabelled }: BarProps) {
  let top = HEIGHT;
  return (
    <g>
      {stack.values.map((value, i) => {
        const height = value * scale;
        top -= height;
        const { name, family } = series[i] as Series;
        return (
          <rect
            key={name}
            className={`fill ${family}`}
            x={x + GAP / 2}
            y={top}
            width={width - GAP}
            height={height}
          >
            <title>{`${stack.name}: ${value} ${name}`}</title>
          </rect>
        );
      })}
      {isLabelled && (
        <text x={x + width / 2} y={HEIGHT + LABEL - 8} textAnchor="middle">
          {stack.name}
        </text>
      )}
    </g>
  );
}

export type Item = {
  readonly name: string;
  readonly value: number;
  readonly detail?: string;
  readonly href?: string;
};

/** Bars from the longest to the shortest, each with its number. */
export function SortedBars({
  title,
  items,
  family,
}: {
  title: string;
  items: readonly Item[];
  family: Family;
}) {
  const write = useNumber();
  const most = Math.max(1, ...items.map(({ value }) => value));
  return (
    <section className="chart">
      <h2>{title}</h2>
      <ol className="bars">
        {[...items]
          .sort((a, b) => b.value - a.value)
          .map(({ name, value, detail, href }) => (
            <li key={`${name}${detail ?? ''}`}>
              <span>
                {href === undefined ? name : <a href={href}>{name}</a>}{' '}
                {detail !== undefined && <span className="muted">{detail}</span>}
              </span>
              <span className="number">{write(value)}</span>
              <svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
                <rect className={`fill ${family}`} width={(100 * value) / most} height="6" />
              </svg>
            </li>
          ))}
      </ol>
    </section>
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}
