import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export interface FpmPlace {
  /** For its configuration, sockets and logs. */
  readonly directory: string;
  readonly tree: string;
  readonly port: number;
  readonly ini: Readonly<Record<string, string>>;
  readonly workers: number;
}

/** The command that serves a tree with nginx and PHP-FPM, as most hosts do: answers end there before the request does. */
export function fpmCommand({ directory, tree, port, ini, workers }: FpmPlace): readonly string[] {
  const own = path.join(directory, `fpm-${port}`);
  mkdirSync(own, { recursive: true });
  writeFileSync(path.join(own, 'fpm.conf'), [
    '[global]', `error_log = ${own}/fpm.log`,
    '[www]', 'user = root', 'group = root', `listen = ${own}/socket`, 'pm = static', `pm.max_children = ${workers}`, 'clear_env = no',
    // FPM has its cache of compiled files on, and lets nobody switch it while it runs.
    ...Object.entries(ini).filter(([name]) => name !== 'opcache.enable').map(([name, value]) => `php_admin_value[${name}] = "${value}"`), '',
  ].join('\n'));
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${own}/${name};`).join(' ');
  writeFileSync(path.join(own, 'nginx.conf'), `user root;
worker_processes 1;
error_log ${own}/nginx.log;
pid ${own}/nginx.pid;
events {}
http {
  include /etc/nginx/mime.types;
  access_log off;
  ${temporary}
  server {
    listen 127.0.0.1:${port};
    root ${tree};
    index index.php;
    client_max_body_size 64m;
    # Sites of a network share the files of the first.
    if (!-e $request_filename) {
      rewrite ^/[_0-9a-zA-Z-]+(/wp-(?:admin|content|includes)(?:/.*)?)$ $1 last;
      rewrite ^/[_0-9a-zA-Z-]+(/[^/]+\\.php)$ $1 last;
    }
    location / { try_files $uri $uri/ /index.php?$args; }
    location ~ \\.php$ {
      include /etc/nginx/fastcgi_params;
      fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;
      fastcgi_param HTTP_HOST $http_host;
      fastcgi_read_timeout 300;
      fastcgi_pass unix:${own}/socket;
    }
  }
}
`);
  return ['sh', '-c', 'php-fpm8.2 --allow-to-run-as-root --nodaemonize --fpm-config "$0/fpm.conf" & exec nginx -g "daemon off;" -c "$0/nginx.conf"', own];
}
