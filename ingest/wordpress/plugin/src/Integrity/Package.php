<?php

declare(strict_types=1);

namespace Tourniquet\Integrity;

/** A plugin, theme or WordPress itself as the log names it, and the version its files say. */
final class Package
{
    /** By the path of its main file below the plugins' directory. */
    public static function slugOfPlugin(string $file): string
    {
        return (string) preg_replace('/\.php$/', '', (string) strtok($file, '/'));
    }

    /** @param string $file main file below the plugins' directory */
    public static function versionOfPlugin(string $file): string
    {
        return self::header(WP_PLUGIN_DIR . '/' . $file);
    }

    /** Of the plugin in this directory below the plugins' directory, whatever its main file is called. */
    public static function versionInDirectory(string $slug): string
    {
        foreach (glob(WP_PLUGIN_DIR . '/' . $slug . '/*.php') ?: [] as $file) {
            $version = self::header($file);
            if ($version !== '') {
                return $version;
            }
        }
        return '';
    }

    public static function versionOfTheme(string $name): string
    {
        return self::header(get_theme_root($name) . '/' . $name . '/style.css');
    }

    public static function versionOfPart(Part $part): string
    {
        if ($part->id === 'core') {
            // As its files say: this request may still run the code of the version before.
            $text = (string) @file_get_contents($part->root . '/wp-includes/version.php', false, null, 0, 8192);
            return preg_match('/\$wp_version\s*=\s*\'([0-9A-Za-z.-]{1,40})\'/', $text, $found) === 1 ? $found[1] : '';
        }
        if ($part->only !== '' && $part->id !== 'config') {
            return self::versionOfPlugin($part->only);
        }
        [$kind, $name] = explode(':', $part->id, 2) + [1 => ''];
        return $kind === 'plugin' ? self::versionInDirectory($name) : ($kind === 'theme' ? self::versionOfTheme($name) : '');
    }

    private static function header(string $file): string
    {
        $found = is_file($file) ? get_file_data($file, ['version' => 'Version']) : ['version' => ''];
        return (string) preg_replace('/[^0-9A-Za-z.+_ -]/', '', substr((string) $found['version'], 0, 40));
    }
}
