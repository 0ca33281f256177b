import Type from 'typebox';
import { record } from '../../schemas/fields.ts';

const path = (description: string) =>
  Type.String({ description: `A path on this origin: ${description}` });
const period = 'with `?period=` 1h, 24h, 7d or 30d';

export const BadgeAnswer = record(
  {
    token: Type.String({
      description: "Lets anyone who has it see the monitor's status and nothing else.",
    }),
    stateUrl: path('SVG, up or down.'),
    uptimeUrl: path(`SVG, the share of successes, ${period}.`),
    latencyUrl: path(`SVG, the 95th percentile, ${period}.`),
    shieldsUrl: path('JSON for the endpoint badge of shields.io.'),
  },
  { $id: 'Badge' },
);
