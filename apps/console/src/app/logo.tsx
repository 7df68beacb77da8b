export function Logo({ size = 26 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" className="logo">
      <rect width="32" height="32" rx="8" />
      <g fill="none" strokeWidth="2.4" strokeLinecap="round">
        <ellipse cx="16" cy="9.5" rx="8" ry="3.2" />
        <path d="M8 9.5v6.5c0 1.8 3.6 3.2 8 3.2s8-1.4 8-3.2V9.5" />
        <path d="M8 16v6.5c0 1.8 3.6 3.2 8 3.2s8-1.4 8-3.2V16" />
      </g>
    </svg>
  )
}
