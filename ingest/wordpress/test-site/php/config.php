<?php
/** The wp-config.php of a test site: everything that differs stands in site.json beside it. */

$site = json_decode((string) file_get_contents(__DIR__ . '/site.json'), true);

define('DB_NAME', 'wordpress');
define('DB_USER', 'root');
define('DB_PASSWORD', '');
define('DB_HOST', 'localhost:' . $site['socket']);
define('DB_CHARSET', 'utf8mb4');
define('DB_COLLATE', '');
foreach (['AUTH_KEY', 'SECURE_AUTH_KEY', 'LOGGED_IN_KEY', 'NONCE_KEY', 'AUTH_SALT', 'SECURE_AUTH_SALT', 'LOGGED_IN_SALT', 'NONCE_SALT'] as $name) {
    define($name, hash('sha256', 'a test site needs no secret ' . $name));
}
foreach ($site['constants'] as $name => $value) {
    defined($name) || define($name, $value);
}
define('WP_DEBUG', true);
define('WP_DEBUG_DISPLAY', false);
define('WP_DEBUG_LOG', $site['log']);
define('FS_METHOD', 'direct');
// What fails stands in the log as PHP says it.
define('WP_DISABLE_FATAL_ERROR_HANDLER', true);
// Application passwords work without TLS here.
define('WP_ENVIRONMENT_TYPE', 'local');
define('DISABLE_WP_CRON', true);
if ($site['network'] !== '') {
    define('WP_ALLOW_MULTISITE', true);
    define('MULTISITE', true);
    define('SUBDOMAIN_INSTALL', false);
    define('DOMAIN_CURRENT_SITE', $site['network']);
    define('PATH_CURRENT_SITE', '/');
    define('SITE_ID_CURRENT_SITE', 1);
    define('BLOG_ID_CURRENT_SITE', 1);
}

$table_prefix = 'wp_';
defined('ABSPATH') || define('ABSPATH', __DIR__ . '/');
unset($site, $name, $value);
require_once ABSPATH . 'wp-settings.php';
