/* Tells which scripts a page with a form runs, and which of them listen to its fields. Reads no value. */
(function (own) {
  'use strict';
  if (!own || !window.fetch) return;
  var url = own.getAttribute('data-report');
  var known = (own.getAttribute('data-known') || '').split(' ');
  var seen = {};
  var waiting = [];
  var timer;
  function send() {
    timer = 0;
    var scripts = waiting.splice(0, 20);
    if (!scripts.length) return;
    try {
      fetch(url, { method: 'POST', mode: 'no-cors', credentials: 'omit', keepalive: true, headers: { 'Content-Type': 'text/plain' },
        body: JSON.stringify({ v: 1, page: location.origin + location.pathname, scripts: scripts }) }).catch(function () {});
    } catch { /* a policy of the page's own */ }
    if (waiting.length) timer = setTimeout(send, 500);
  }
  function note(source, listens) {
    var src = String(source || '').split(/[?#]/)[0];
    if (!/^https?:/.test(src) || src === own.src.split(/[?#]/)[0] || seen[src] > (listens ? 1 : 0)) return;
    seen[src] = listens ? 2 : 1;
    waiting.push({ src: src, known: known.indexOf(new URL(src).host) >= 0, fields: !!listens });
    if (!timer) timer = setTimeout(send, 1500);
  }
  var add = EventTarget.prototype.addEventListener;
  EventTarget.prototype.addEventListener = function (type) {
    try {
      if (/^(input|change|key|blur|submit|paste)/.test(type)) {
        var lines = (new Error().stack || '').match(/https?:\/\/[^\s)]+?(?=:\d+:\d+)/g) || [];
        for (var i = 0; i < lines.length; i++) if (lines[i].split(/[?#]/)[0] !== own.src.split(/[?#]/)[0]) { note(lines[i], true); break; }
      }
    } catch { /* the page goes on */ }
    return add.apply(this, arguments);
  };
  function look() {
    for (var i = 0; i < document.scripts.length; i++) note(document.scripts[i].src);
  }
  look();
  addEventListener('load', function () { look(); setTimeout(look, 5000); });
  addEventListener('pagehide', send);
})(document.currentScript || document.getElementById('tourniquet-watch-js'));
