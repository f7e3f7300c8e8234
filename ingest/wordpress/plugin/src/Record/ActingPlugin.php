<?php

declare(strict_types=1);

namespace Tourniquet\Record;

/** The plugin or theme whose code runs: the nearest file of one on the call stack. */
final class ActingPlugin
{
    private const FRAMES = 60;

    /** @var array<string, string> of the files that stood on the stack of this request */
    private static array $slugs = [];

    /** A slug; `mu:FILE` of a must-use plugin, `theme:NAME` of a theme, empty when WordPress itself acts. */
    public static function slug(): string
    {
        foreach (debug_backtrace(DEBUG_BACKTRACE_IGNORE_ARGS, self::FRAMES) as $frame) {
            $slug = isset($frame['file']) ? self::ofFile($frame['file']) : '';
            if ($slug !== '' && $slug !== self::own()) {
                return $slug;
            }
        }
        return '';
    }

    public static function ofFile(string $file): string
    {
        return self::$slugs[$file] ??= self::find($file);
    }

    private static function find(string $file): string
    {
        $file = wp_normalize_path($file);
        foreach ([[WP_PLUGIN_DIR, ''], [WPMU_PLUGIN_DIR, 'mu:'], [get_theme_root(), 'theme:']] as [$directory, $prefix]) {
            $directory = trailingslashit(wp_normalize_path((string) $directory));
            if (strncmp($file, $directory, strlen($directory)) === 0) {
                return $prefix . preg_replace('/\.php$/', '', (string) strtok(substr($file, strlen($directory)), '/'));
            }
        }
        return '';
    }

    private static function own(): string
    {
        static $own = null;
        return $own = $own ?? self::ofFile(TOURNIQUET_FILE);
    }
}
