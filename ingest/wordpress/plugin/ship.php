<?php

/**
 * For cron lines and other schedulers; needs no web server.
 *
 *     php ship.php [--url ADDRESS]  with WordPress: beats, seals, ships, takes orders; a network needs its address
 *     php ship.php --spool DIR      without: seals and ships what lies there
 */

declare(strict_types=1);

use Tourniquet\Plugin;
use Tourniquet\Spool\Spool;
use Tourniquet\Spool\Trigger;

if (PHP_SAPI !== 'cli') {
    http_response_code(404);
    exit;
}

exit((static function (array $arguments): int {
    $named = array_search('--spool', $arguments, true);
    if ($named !== false) {
        require_once __DIR__ . '/src/Autoload.php';
        $directory = (string) ($arguments[$named + 1] ?? '');
        if (!is_file($directory . '/tally')) {
            fwrite(STDERR, "there is no spool in {$directory}\n");
            return 2;
        }
        $spool = Spool::at($directory);
        $spool->beat([]);
        $spool->sealNow();
        $shipped = $spool->ship(50, static fn(array $commands) => $spool->inbox()->leave($commands), PHP_INT_MAX);
    } else {
        // Where a link leads here, the path that was called still tells where WordPress is.
        $load = (string) realpath(dirname((string) $_SERVER['SCRIPT_FILENAME'])) === __DIR__ ? (string) $_SERVER['SCRIPT_FILENAME'] : __FILE__;
        $load = $load[0] === '/' || DIRECTORY_SEPARATOR === '\\' ? $load : getcwd() . '/' . $load;
        do {
            $parent = $load;
            $load = dirname($load);
        } while ($load !== $parent && !is_file($load . '/wp-load.php'));
        if (!is_file($load . '/wp-load.php')) {
            fwrite(STDERR, "WordPress was not found above this file; name its spool: php ship.php --spool DIR\n");
            return 2;
        }
        $url = array_search('--url', $arguments, true);
        $parts = $url === false ? [] : (array) parse_url((string) ($arguments[$url + 1] ?? ''));
        $_SERVER['HTTP_HOST'] = ($parts['host'] ?? 'localhost') . (isset($parts['port']) ? ':' . $parts['port'] : '');
        $_SERVER['REQUEST_URI'] = $parts['path'] ?? '/';
        require $load . '/wp-load.php';
        $plugin = Plugin::get();
        if ($plugin === null) {
            fwrite(STDERR, "the plugin is not active\n");
            return 2;
        }
        $shipped = (new Trigger($plugin->spool(), $plugin->journal(), $plugin->settings()))->minute();
        $spool = $plugin->spool();
    }
    $status = $spool->status();
    fwrite(STDOUT, max(0, $shipped) . " blocks shipped, {$status['outbox_blocks']} wait\n");
    return $status['error_code'] === '' ? 0 : 1;
})($argv));
