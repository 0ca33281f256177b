import { createHash } from 'node:crypto';

/** A contrast of at least 4.5 : 1 for text and 3 : 1 for shapes, on both backgrounds. */
export const STATUS_STYLE = `
:root{color-scheme:light dark;--back:#fff;--front:#1f2328;--quiet:#59636e;--line:#d1d9e0;--up:#1a7f37;--degraded:#9a6700;--down:#cf222e;--none:#6e7781;--maintenance:#0969da;--warn:#fff8c5}
@media(prefers-color-scheme:dark){:root{--back:#0d1117;--front:#f0f6fc;--quiet:#9198a1;--line:#3d444d;--up:#3fb950;--degraded:#d29922;--down:#ff7b72;--none:#7d8590;--maintenance:#58a6ff;--warn:#341a00}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:50rem;padding:1.5rem 1rem;background:var(--back);color:var(--front);font:1rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
h1{font-size:1.6rem;line-height:1.2;margin:0 0 .5rem}
h2{font-size:1.1rem;margin:2rem 0 .5rem}
h3{font-size:1rem;margin:0}
p{margin:.25rem 0}
a{color:inherit}
.text{white-space:pre-line}
.quiet,footer{color:var(--quiet);font-size:.875rem}
.overall{border:1px solid var(--line);border-inline-start:.4rem solid currentColor;border-radius:.4rem;padding:.75rem 1rem;font-size:1.15rem;font-weight:600;margin:1rem 0}
.card{border:1px solid var(--line);border-radius:.4rem;padding:.75rem 1rem;margin:.5rem 0}
.head{display:flex;flex-wrap:wrap;justify-content:space-between;gap:.25rem 1rem;align-items:baseline}
.state{font-weight:600;white-space:nowrap}
.up{color:var(--up);fill:var(--up)}.degraded{color:var(--degraded);fill:var(--degraded)}.down{color:var(--down);fill:var(--down)}.none{color:var(--none);fill:var(--none)}
.state.stale,.state.pending,.state.paused,.overall.stale,.overall.pending,.overall.paused{color:var(--quiet)}
.state.maintenance,.overall.maintenance{color:var(--maintenance)}
.state.maintenance{white-space:normal}
.card.maintenance{border-inline-start:.3rem solid var(--maintenance)}
.banner{background:var(--warn);border:1px solid var(--degraded);border-radius:.4rem;padding:.75rem 1rem;margin:1rem 0}
ul{list-style:none;margin:0;padding:0}
.bar{overflow:hidden;margin:.5rem 0 .25rem}
.bar svg{display:block;width:100%;height:1.75rem}
.ends{display:flex;justify-content:space-between;gap:1rem}
.narrow{display:none}
.legend{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;margin:1rem 0}
.legend svg{width:.6rem;height:1rem;vertical-align:-.15rem;margin-inline-end:.35rem}
footer{border-top:1px solid var(--line);margin-top:2rem;padding-top:.75rem;display:flex;flex-wrap:wrap;justify-content:space-between;gap:.25rem 1rem}
@media(max-width:40rem){.bar svg{width:300%;margin-inline-start:-200%}.wide{display:none}.narrow{display:inline}}
`;

const digest = createHash('sha256').update(STATUS_STYLE).digest('base64');

/** Lets a page use this style, and load and run nothing. */
export const STATUS_POLICY = `default-src 'none'; style-src 'sha256-${digest}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
