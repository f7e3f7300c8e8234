<?php

/**
 * Started by the plugin over loopback, with a key that is good for a minute. It needs the database to find the spool, and
 * nothing else of WordPress.
 */

declare(strict_types=1);

use Tourniquet\Settings;
use Tourniquet\Spool\Beat;
use Tourniquet\Spool\Loopback;
use Tourniquet\Spool\Place;
use Tourniquet\Spool\Spool;

(static function (): void {
    // Whoever starts this does not wait for it.
    ignore_user_abort(true);
    $key = isset($_GET['key']) && is_string($_GET['key']) ? $_GET['key'] : '';
    $load = (string) ($_SERVER['SCRIPT_FILENAME'] ?? __FILE__);
    do {
        $parent = $load;
        $load = dirname($load);
    } while ($load !== $parent && !is_file($load . '/wp-load.php'));
    if (preg_match('/^[0-9]{1,12}\.[0-9a-f]{64}$/D', $key) !== 1 || !is_file($load . '/wp-load.php')) {
        http_response_code(404);
        return;
    }
    define('SHORTINIT', true);
    require $load . '/wp-load.php';
    require_once __DIR__ . '/src/Autoload.php';

    $place = Place::find(Settings::load());
    if (!Loopback::isKey($place->directory(), $key, time())) {
        http_response_code(404);
        return;
    }
    function_exists('set_time_limit') && set_time_limit(90);
    header('Content-Length: 2');
    header('Connection: close');
    echo 'ok';
    while (ob_get_level() > 0) {
        ob_end_flush();
    }
    flush();
    function_exists('fastcgi_finish_request') && fastcgi_finish_request();

    (new Beat(Spool::open($place, Settings::load())))->run(static function (): void {
        $GLOBALS['wpdb']->close();
    });
})();
