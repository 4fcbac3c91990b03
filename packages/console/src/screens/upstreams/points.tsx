import { type NotificationPoint, type PointMeaning, pointMeanings, type Upstream } from '@esim-rsp/sdk';
import { useText } from '../../text/text.ts';

type Points = Pick<Upstream, 'notification_points'>;

/** The notification points by which the vendor reports a download: a field for each meaning, with its numbers. */
export function Points({ notification_points: points }: Points) {
  const words = useText().upstreams;
  return (
    <fieldset>
      <legend>{words.points}</legend>
      <p className="muted">{words.pointsHint}</p>
      <div className="columns">
        {pointMeanings.map((meaning) => (
          <label key={meaning}>
            {words.pointMeanings[meaning]}
            <input
              name={fieldOf(meaning)}
              inputMode="numeric"
              pattern="\s*[1-9][0-9]{0,2}(\s*,\s*[1-9][0-9]{0,2})*\s*"
              title={words.pointsHint}
              autoComplete="off"
              defaultValue={numbersFor(meaning, points)}
            />
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** What each number means, in words. */
export function usePointsText({ notification_points: points }: Points): string {
  const { pointMeanings: words, pointsNone } = useText().upstreams;
  return points.length === 0
    ? pointsNone
    : points.map(({ point, meaning }) => `${point} ${words[meaning]}`).join(', ');
}

export function pointsIn(form: FormData): NotificationPoint[] {
  return pointMeanings.flatMap((meaning) =>
    String(form.get(fieldOf(meaning)) ?? '')
      .split(',')
      .map((number) => number.trim())
      .filter((number) => number !== '')
      .map((number) => ({ point: Number(number), meaning })),
  );
}

const fieldOf = (meaning: PointMeaning) => `point-${meaning}`;

function numbersFor(meaning: PointMeaning, points: Points['notification_points']): string {
  return points
    .filter((one) => one.meaning === meaning)
    .map(({ point }) => point)
    .join(', ');
}
