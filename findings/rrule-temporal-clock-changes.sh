#!/bin/sh
# rrule-temporal 2.2.8 (with temporal-polyfill 1.0.8, Node 20 or later) at clock changes of Europe/Vienna, all rules valid:
# 1. FREQ=HOURLY misses the second of the two hours from 02:00 to 03:00 in autumn: 02:30+02:00 is followed by 03:30+01:00, two hours
#    of elapsed time later. With INTERVAL=2 the same night is counted in elapsed time: 01:30+02:00 is followed by 02:30+01:00.
# 2. FREQ=DAILY at 02:30 has no occurrence in the night in which 02:30 is skipped, and FREQ=MONTHLY;BYDAY=-1SU none in any March.
#    RFC 5545, 3.3.10, has both readings: that such instances are ignored, and that they are read with the offset before (3.3.5).
# Seen: as printed below. Exits 1 when that changes.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts rrule-temporal@2.2.8 temporal-polyfill@1.0.8 >/dev/null
cat >look.mjs <<'JS'
import { RRuleTemporal } from 'rrule-temporal';
import { Temporal } from 'temporal-polyfill';
const look = (rruleString, start, from, to) => {
  const rule = new RRuleTemporal({ rruleString, dtstart: Temporal.ZonedDateTime.from(`${start}[Europe/Vienna]`), temporal: Temporal });
  const found = rule.between(new Date(from), new Date(to), true).map((at) => at.toString().slice(0, 22).replace(':00+', '+'));
  console.log(`${rruleString}: ${found.join(' ')}`);
};
look('FREQ=HOURLY', '2027-10-30T12:30:00', '2027-10-30T23:00Z', '2027-10-31T03:00Z');
look('FREQ=HOURLY;INTERVAL=2', '2027-10-30T01:30:00', '2027-10-30T23:00Z', '2027-10-31T04:00Z');
look('FREQ=DAILY', '2027-03-20T02:30:00', '2027-03-27T00:00Z', '2027-03-29T12:00Z');
look('FREQ=MONTHLY;BYDAY=-1SU', '2027-01-31T02:00:00', '2027-02-01T00:00Z', '2027-05-01T00:00Z');
JS
node look.mjs | tee seen
cat >expected <<'TXT'
FREQ=HOURLY: 2027-10-31T01:30+02 2027-10-31T02:30+02 2027-10-31T03:30+01
FREQ=HOURLY;INTERVAL=2: 2027-10-31T01:30+02 2027-10-31T02:30+01 2027-10-31T04:30+01
FREQ=DAILY: 2027-03-27T02:30+01 2027-03-29T02:30+02
FREQ=MONTHLY;BYDAY=-1SU: 2027-02-28T02:00+01 2027-04-25T02:00+02
TXT
diff expected seen
