namespace Haetae.Tracing.Reports;

/// <summary>The look of every page: tokens first, then screen, phone and paper. No colour or size is named twice.</summary>
public static class PageStyle
{
    public const string Css = """
        :root{--paper:#f7f6f2;--card:#fff;--ink:#1b1f24;--soft:#555e69;--line:#dcd9d0;--stolen:#b93d08;--warn-ink:#6b4700;--warn:#fff6df;--warn-line:#e0b64c;--bar:#e8a27c;--code:#f0eee8;
          --sans:system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif;--mono:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;color-scheme:light dark}
        @media screen and (prefers-color-scheme:dark){:root{--paper:#12151a;--card:#1a1f26;--ink:#e8eaed;--soft:#a6b0bb;--line:#313944;--stolen:#ff9a63;--warn-ink:#f5d78b;--warn:#2b2412;--warn-line:#7a5f1d;--bar:#a65a30;--code:#232a33}}
        *{box-sizing:border-box}
        html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
        body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 var(--sans)}
        main{max-width:1040px;margin:0 auto;padding:40px 24px 64px}
        .eyebrow{margin:0 0 6px;color:var(--soft);font-size:13px;letter-spacing:.02em}.eyebrow b{color:var(--ink);letter-spacing:0}
        h1{font-size:30px;line-height:1.2;margin:0 0 14px;letter-spacing:-.015em;font-weight:680}
        h2{font-size:20px;line-height:1.3;margin:44px 0 6px;letter-spacing:-.01em}h3{font-size:15px;margin:26px 0 8px}
        p{margin:0 0 10px;max-width:74ch}.lead{font-size:19px;line-height:1.5;max-width:62ch;margin-bottom:18px}.soft,small{color:var(--soft)}small{font-size:13px}
        .num,td,th{font-variant-numeric:tabular-nums}.mono{font-family:var(--mono);font-size:.9em;overflow-wrap:anywhere}
        .amt{white-space:nowrap}.amt i{font-style:normal;margin-left:.16em}
        .notes{margin:0 0 10px;padding:12px 16px 12px 34px;background:var(--warn);color:var(--warn-ink);border:1px solid var(--warn-line);border-radius:8px}.notes li{margin:3px 0;overflow-wrap:anywhere}
        .card{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:6px 16px}
        .scroll{overflow-x:auto;max-width:100%}.scroll:focus-visible{outline:2px solid var(--stolen);outline-offset:2px}
        table{border-collapse:collapse;width:100%}th,td{padding:8px 0 8px 20px;text-align:right;border-bottom:1px solid var(--line);vertical-align:top}
        th:first-child,td:first-child{text-align:left;padding-left:0}tbody tr:last-child>*{border-bottom:0}thead th{color:var(--soft);font-size:13px;font-weight:600}
        tbody th{font-weight:500}.sum>*{font-weight:680}.left{text-align:left}caption{text-align:left;color:var(--soft);font-size:13px;padding:6px 0 4px}
        .sat{display:block;color:var(--soft);font-size:12px;font-weight:400;white-space:nowrap}.id{display:block;font-family:var(--mono);font-size:13px;line-height:1.4;overflow-wrap:anywhere}.sub{display:block;font-family:var(--mono);font-size:11px;line-height:1.45;color:var(--soft);word-break:break-all}
        .said{display:inline-block;font-size:13px;border-bottom:1.5px dashed var(--soft);margin:1px 10px 1px 0}.why{display:block;font-size:12px;color:var(--soft);font-weight:400}
        .bar{display:block;height:4px;border-radius:2px;background:var(--bar);margin-top:6px}.under{max-width:none;margin-top:8px}
        .books+.books{margin-top:12px}.stack th:first-child{width:60%}
        .nowrap{white-space:nowrap}.hint{display:none}
        .flow{padding:8px}.flow svg{display:block;width:100%;min-width:820px;height:auto}
        .key{max-width:none;display:flex;flex-wrap:wrap;gap:4px 20px;margin:8px 0 0;font-size:13px;color:var(--soft)}
        ol.chain{list-style:none;margin:0 0 4px;padding:0 0 0 20px;border-left:2px solid var(--bar)}ol.chain li{position:relative;padding:4px 0}
        ol.chain li::before{content:"";position:absolute;left:-25px;top:11px;width:8px;height:8px;border-radius:50%;background:var(--card);border:2px solid var(--stolen)}ol.chain li.gap::before{border-color:var(--bar)}
        ol.chain .row{display:flex;justify-content:space-between;gap:0 16px;flex-wrap:wrap}.path{margin:0 0 12px;padding:12px 16px}.path h4{margin:0 0 6px;font-size:14px}
        dl{display:grid;grid-template-columns:minmax(130px,max-content) 1fr;gap:6px 20px;margin:0}dt{color:var(--soft)}dd{margin:0;min-width:0;overflow-wrap:anywhere}
        pre{margin:8px 0;padding:12px 14px;background:var(--code);border-radius:8px;font:13px/1.5 var(--mono);white-space:pre-wrap;overflow-wrap:anywhere}
        .methods dt{color:var(--ink);font-weight:600}
        @media (max-width:640px){
          main{padding:24px 16px 48px}h1{font-size:25px}.lead{font-size:17px}h2{margin-top:36px}.card{padding:4px 12px}
          .stack thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}.stack,.stack tbody,.stack tr,.stack th,.stack td,.stack caption{display:block}
          .stack tr{padding:10px 0;border-bottom:1px solid var(--line)}.stack tbody tr:last-child{border-bottom:0}
          .stack th,.stack td,.stack th:first-child{border:0;padding:2px 0;text-align:left;width:auto}.stack td[data-label]{display:grid;grid-template-columns:8.5em 1fr;gap:8px;align-items:baseline}.stack td[data-label]::before{content:attr(data-label);color:var(--soft);font-size:13px}.stack .sat{font-size:12px}
          .stack td.short{display:inline-grid;grid-template-columns:auto auto;margin-right:24px}.hint{display:block;margin:6px 0 0}
          dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:10px}.flow{padding:4px}
        }
        @page{size:A4;margin:15mm 14mm}
        @media print{
          :root{--paper:#fff;--card:#fff;color-scheme:light}body{font-size:10pt;-webkit-print-color-adjust:exact;print-color-adjust:exact}
          main{max-width:none;padding:0}h1{font-size:20pt}.lead{font-size:13pt}h2{font-size:14pt;margin-top:22pt}h2,h3,h4,h2+p,h3+p{break-after:avoid}pre{break-inside:avoid}small{font-size:8.5pt}
          .card{border-color:#c9c5ba;-webkit-box-decoration-break:clone;box-decoration-break:clone}tr,ol.chain li,.notes li,dl>*{break-inside:avoid}ol.chain li:first-child{break-after:avoid}ol.chain li:last-child{break-before:avoid}.under{break-before:avoid}.flow{break-inside:avoid;padding:4px}.flow svg{min-width:0;max-height:235mm}.scroll{overflow:visible}
          thead{display:table-header-group}thead th{font-size:8.5pt;white-space:nowrap}th,td{padding:3pt 0 3pt 8pt}.stack .id{font-size:7pt}.bar{margin-top:3pt;height:2.5pt}.stack th:first-child{width:64%}td,th{line-height:1.35}.path{margin-bottom:8pt;padding:8pt 12pt}ol.chain li{padding:2pt 0}p{orphans:3;widows:3}.id{font-size:7.5pt}.sub{font-size:6.5pt}.sat{font-size:8pt}.said{font-size:9pt}.why{font-size:8pt}
        }
        """;
}
