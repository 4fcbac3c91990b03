const PATHS = {
  overview: 'M3 3h6v8H3zM11 3h6v5h-6zM11 10h6v7h-6zM3 13h6v4H3z',
  profiles: 'M5 2h7l4 4v12H5zM8 10h5v5H8z',
  downloads: 'M10 3v9m-4-4 4 4 4-4M4 16h12',
  types: 'M10 2l8 4-8 4-8-4zM2 10l8 4 8-4M2 14l8 4 8-4',
  deliveries: 'M3 7h12l-3-3M17 13H5l3 3',
  upstreams: 'M10 17V4m-4 4 4-4 4 4M3 3h14',
  operations: 'M3 5h9m0 0L9 2m3 3L9 8M17 15H8m0 0 3-3m-3 3 3 3',
  brand: 'M3 3h14v14H3zM3 7h14M6 10h8v3H6z',
  access: 'M7 9a3.5 3.5 0 1 1 0-.01M10 9h8v4m-3-4v3',
  server: 'M3 3h14v6H3zM3 11h14v6H3zM6 6h.01M6 14h.01',
  phone: 'M6 1h8a1 1 0 0 1 1 1v16a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1V2a1 1 0 0 1 1-1zM9 16h2',
  menu: 'M3 5h14M3 10h14M3 15h14',
  search: 'M9 3a6 6 0 1 1 0 12A6 6 0 0 1 9 3zM13.5 13.5 18 18',
} as const;

export type IconName = keyof typeof PATHS;

/** A drawing next to a word; it says nothing by itself. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
