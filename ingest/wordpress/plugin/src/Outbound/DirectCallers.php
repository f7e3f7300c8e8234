<?php

declare(strict_types=1);

namespace Tourniquet\Outbound;

/**
 * Plugins whose own code opens connections past WordPress' HTTP API: their calls cannot be seen from here. A search through
 * their files for the names of such functions, a few plugins at a time, from WP-Cron.
 */
final class DirectCallers
{
    private const OPTION = 'tourniquet_direct_callers';
    private const FUNCTIONS = 'curl_exec|curl_multi_exec|fsockopen|pfsockopen|stream_socket_client|socket_connect|ftp_connect|ftp_ssl_connect|ssh2_connect';
    private const MOST_FILE_BYTES = 1048576;
    private const MOST_FILES = 20000;

    /** @return array<string, list<string>> plugin to the functions its code calls, of the last scan */
    public static function all(): array
    {
        $found = get_option(self::OPTION, []);
        return is_array($found['plugins'] ?? null) ? array_filter($found['plugins']) : [];
    }

    /** Searches plugins whose version it does not know yet, for at most so many seconds. True when none is left. */
    public static function scan(float $seconds = 5.0): bool
    {
        $until = microtime(true) + $seconds;
        $saved = get_option(self::OPTION, []);
        $known = is_array($saved['versions'] ?? null) ? $saved['versions'] : [];
        $plugins = is_array($saved['plugins'] ?? null) ? $saved['plugins'] : [];
        if (!function_exists('get_plugins')) {
            require_once ABSPATH . 'wp-admin/includes/plugin.php';
        }
        $versions = [];
        foreach (get_plugins() as $file => $plugin) {
            $slug = strpos($file, '/') === false ? basename($file, '.php') : (string) strtok($file, '/');
            $versions[$slug] = (string) $plugin['Version'];
        }
        $isDone = true;
        foreach ($versions as $slug => $version) {
            if (($known[$slug] ?? null) === $version) {
                continue;
            }
            if (microtime(true) > $until) {
                $isDone = false;
                break;
            }
            $plugins[$slug] = $slug === 'tourniquet' ? [] : self::functionsOf((string) $slug);
            $known[$slug] = $version;
        }
        update_option(self::OPTION, ['plugins' => array_intersect_key($plugins, $versions), 'versions' => array_intersect_key($known, $versions)], false);
        return $isDone;
    }

    /** @return list<string> */
    private static function functionsOf(string $slug): array
    {
        $place = WP_PLUGIN_DIR . '/' . $slug;
        $files = is_dir($place) ? new \RecursiveIteratorIterator(new \RecursiveDirectoryIterator($place, \FilesystemIterator::SKIP_DOTS)) : [new \SplFileInfo($place . '.php')];
        $functions = [];
        $left = self::MOST_FILES;
        foreach ($files as $file) {
            if ($left-- <= 0) {
                break;
            }
            if (!$file->isFile() || strtolower($file->getExtension()) !== 'php' || $file->getSize() > self::MOST_FILE_BYTES) {
                continue;
            }
            // A definition or a text of that name is not told from a call: better named once too often.
            if (preg_match_all('/(?<![\w>:$])(' . self::FUNCTIONS . ')\s*\(/i', (string) file_get_contents($file->getPathname()), $found) > 0) {
                $functions += array_fill_keys(array_map('strtolower', $found[1]), true);
            }
        }
        $names = array_keys($functions);
        sort($names);
        return $names;
    }
}
