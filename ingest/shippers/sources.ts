import type { Format } from '../formats/formats.ts';

/** A log that every configuration here reads: where, in which format, and what a line of it looks like. */
export interface LogSource {
  readonly format: Format;
  readonly paths: readonly string[];
  /** One entry; line feeds in it stand in the file. */
  readonly sample: string;
  /** What the stored event of the sample says. */
  readonly event: Readonly<Record<string, unknown>>;
}

export const LOG_SOURCES: readonly LogSource[] = [
  {
    format: 'combined', paths: ['/var/log/nginx/access.log', '/var/log/apache2/access.log'],
    sample: '192.0.2.7 - - [21/Nov/2026:10:11:12 +0100] "GET /shop/?s=red HTTP/1.1" 200 512 "-" "curl/8 \\"x\\""',
    event: { '@timestamp': '2026-11-21T10:11:12.000+01:00', source: { ip: '192.0.2.7' }, url: { path: '/shop/', query: 's=red' }, user_agent: { original: 'curl/8 "x"' } },
  },
  {
    format: 'php-fpm', paths: ['/var/log/php8.2-fpm.log', '/var/log/php-fpm/www-slow.log'],
    sample: '[21-Nov-2026 10:11:12]  [pool www] pid 1234\nscript_filename = /srv/www/index.php\n[0x00007f6d4e412a30] sleep() /srv/www/slow.php:3',
    event: { event: { action: 'slow_request', dataset: 'php_fpm.slow' }, file: { path: '/srv/www/index.php' }, error: { stack_trace: 'sleep() /srv/www/slow.php:3' } },
  },
  {
    format: 'wp-debug', paths: ['/var/www/html/wp-content/debug.log'],
    sample: '[21-Nov-2026 10:11:12 UTC] PHP Fatal error:  Uncaught Error: x in /srv/www/a.php:3\nStack trace:\n#0 {main}\n  thrown in /srv/www/a.php on line 3',
    event: { event: { action: 'php_error', dataset: 'wordpress.debug' }, error: { type: 'Error', stack_trace: 'Stack trace:\n#0 {main}\n  thrown in /srv/www/a.php on line 3' } },
  },
  {
    format: 'modsecurity', paths: ['/var/log/modsec_audit.json'],
    sample: '{"transaction":{"client_ip":"192.0.2.7","time_stamp":"Sat Nov 21 10:11:12 2026","unique_id":"a1","request":{"method":"GET","http_version":1.1,"uri":"/?id=1","headers":{"Host":"shop.example"}},"response":{"http_code":403},"messages":[{"message":"SQL Injection","details":{"ruleId":"942100","severity":"2","tags":["attack-sqli"]}}]}}',
    event: { event: { action: 'request-blocked', dataset: 'modsecurity.audit', id: 'a1' }, rule: { id: ['942100'], category: ['sqli'] } },
  },
  {
    format: 'wordfence', paths: ['/var/log/tourniquet/wordfence.ndjson'],
    sample: '{"id":7,"ctime":1795255872.5,"IP":"00000000000000000000FFFFC0000207","statusCode":403,"URL":"https://shop.example/","UA":"curl/8","action":"blocked:waf"}',
    event: { event: { action: 'request-blocked', dataset: 'wordfence.activity', code: 'blocked:waf' }, source: { ip: '192.0.2.7' } },
  },
  {
    format: 'wp-activity-log', paths: ['/var/log/tourniquet/wp-activity-log.log'],
    sample: '[2026-11-21T10:11:12.123456+01:00] shop.CRITICAL: Deactivated the plugin. {"Code":5002,"ClientIP":"192.0.2.7","Username":"mira","Object":"plugin","EventType":"deactivated"}',
    event: { event: { action: 'plugin-deactivated', dataset: 'wp_activity_log.activity', code: '5002' }, user: { name: 'mira' } },
  },
  {
    format: 'mariadb-audit', paths: ['/var/lib/mysql/server_audit.log'],
    sample: "20261121 10:11:12,db1,report,192.0.2.7,4,8,QUERY,wp,'select \\'mira@example.org\\',\\t* from wp_users',0",
    event: { event: { action: 'table-read', dataset: 'mariadb.audit' }, db: { query: { text: 'select ?, * from wp_users' } } },
  },
  {
    format: 'ollama', paths: ['/var/log/ollama.log', '/var/log/local-ai.log'],
    sample: '[GIN] 2026/11/21 - 11:20:29 | 200 | 3.5s |       127.0.0.1 | POST     "/api/chat"',
    event: { event: { action: 'model-called', dataset: 'ollama.server', duration: 3_500_000_000 }, source: { ip: '127.0.0.1' } },
  },
];
