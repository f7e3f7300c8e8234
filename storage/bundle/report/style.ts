/** For A4 and for a screen. Nothing is told by colour alone; texts have a contrast of 4.5 to 1 and more. */
export const STYLE = `
@page { size: A4; margin: 14mm 15mm; }
* { box-sizing: border-box; }
html { color: #1b2330; background: #eef0f3; font: 10pt/1.4 "Helvetica Neue", Arial, "Liberation Sans", sans-serif; }
body { max-width: 190mm; margin: 0 auto; padding: 12mm; background: #fff; }
h1 { font-size: 20pt; line-height: 1.15; margin: 0 0 1mm; overflow-wrap: anywhere; }
h2 { font-size: 13pt; margin: 6mm 0 1.5mm; padding-top: 2mm; border-top: 1.5pt solid #1b2330; break-after: avoid; }
h3 { font-size: 10.5pt; margin: 4mm 0 1mm; break-after: avoid; }
p { margin: 0 0 2mm; }
.lead { font-size: 11pt; }
.under { color: #4a5568; margin-bottom: 4mm; overflow-wrap: anywhere; }
.figures { display: grid; grid-template-columns: repeat(4, 1fr); gap: 3mm; margin: 3mm 0; padding: 0; list-style: none; }
.figures li { border: 0.75pt solid #b6bfca; border-top: 3pt solid #1f4e79; padding: 2mm 2.5mm; }
.figures strong { display: block; font-size: 17pt; line-height: 1.15; }
.figures span { font-size: 9pt; color: #4a5568; }
.warn { border-left: 3pt solid #9b2c2c; background: #fdf3f2; padding: 2mm 3mm; break-inside: avoid; }
table { width: 100%; border-collapse: collapse; margin: 2mm 0 3mm; font-size: 9pt; }
caption { text-align: left; font-weight: bold; padding: 1mm 0; }
th, td { text-align: left; vertical-align: top; padding: 0.8mm 1.5mm; border-bottom: 0.5pt solid #c8cfd8; }
.w { overflow-wrap: anywhere; }
thead { display: table-header-group; }
th { border-bottom: 1pt solid #1b2330; }
th.n, td.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
tr, figure { break-inside: avoid; }
figure { margin: 3mm 0; }
figcaption { font-weight: bold; font-size: 9pt; margin-bottom: 1mm; }
svg { width: 100%; height: auto; display: block; }
svg text { font-family: inherit; fill: #1b2330; }
.more, .none { color: #4a5568; font-size: 9pt; }
code, .mono { font-family: "DejaVu Sans Mono", Consolas, monospace; font-size: 8.5pt; overflow-wrap: anywhere; }
@media print { html { background: #fff; } body { max-width: none; padding: 0; } }
@media (max-width: 150mm) { .figures { grid-template-columns: repeat(2, 1fr); } }
`;
