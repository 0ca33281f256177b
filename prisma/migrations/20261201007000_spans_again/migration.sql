-- Windows had no span where a clock change skips their time, and none for the second of two equal hours: those of the week to
-- come are looked for again. Spans that are there stay.
UPDATE maintenance_windows SET spans_through = now() WHERE rrule IS NOT NULL AND spans_through > now();
