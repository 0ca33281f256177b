const PATHS = {
  monitors: 'M2 8.5h3l1.8-5 2.6 9 1.8-4H14',
  alerts:
    'M8 2a4 4 0 0 0-4 4c0 4-1.5 5-1.5 5h11S12 10 12 6a4 4 0 0 0-4-4ZM6.6 13.5a1.5 1.5 0 0 0 2.8 0',
  channels: 'M14 2 7 9M14 2l-4.5 12L7 9 2 6.500 14 2Z',
  pages: 'M2.500 3h11v10h-11zM2.500 6h11M5.500 9h5M5.500 11h3',
  maintenance: 'M3 4h10v9.500H3zM3 7h10M5.500 2.500V5M10.500 2.500V5',
  keys: 'M6 10a3 3 0 1 1 1.800-2.800L14 7.200v2h-2v1.800h-2V9.200H7.800A3 3 0 0 1 6 10Z',
  system: 'M3 3h10v4H3zM3 9h10v4H3zM5.500 5h.01M5.500 11h.01',
  account:
    'M8 8a2.700 2.700 0 1 0 0-5.400A2.700 2.700 0 0 0 8 8ZM3 13.600c.6-2.500 2.600-3.600 5-3.600s4.400 1.100 5 3.600',
  menu: 'M2.500 4.500h11M2.500 8h11M2.500 11.500h11',
  plus: 'M8 3v10M3 8h10',
  search: 'M7 11.500a4.500 4.500 0 1 0 0-9 4.500 4.500 0 0 0 0 9ZM10.500 10.500 14 14',
  close: 'm4 4 8 8M12 4l-8 8',
  check: 'm3.500 8.500 3 3 6-7',
  minus: 'M4 8h8',
  theme: 'M8 2.500a5.500 5.500 0 1 0 0 11zM8 2.500a5.500 5.500 0 0 1 0 11',
  out: 'M6 2.500H3v11h3M10.500 5l3 3-3 3M13.500 8H6.500',
  external: 'M9 3h4v4M13 3 7.500 8.500M11 9.500V13H3V5h3.500',
  more: 'M3.500 8h.01M8 8h.01M12.500 8h.01',
  chevron: 'm6 4 4 4-4 4',
  back: 'm10 4-4 4 4 4',
} as const;

export type IconName = keyof typeof PATHS;

/** Beside words only: it says nothing to a screen reader. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
