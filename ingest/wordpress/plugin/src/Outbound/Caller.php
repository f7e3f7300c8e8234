<?php

declare(strict_types=1);

namespace Tourniquet\Outbound;

use Tourniquet\Record\ActingPlugin;

/** Whose code makes the call that is being made. */
final class Caller
{
    private const FRAMES = 80;

    /** The slug as `ActingPlugin` gives it. */
    public static function slug(): string
    {
        return ActingPlugin::slug();
    }

    /** Whether this plugin itself makes it: what it ships is no outbound call of the site. */
    public static function isSelf(): bool
    {
        $own = dirname(__DIR__) . DIRECTORY_SEPARATOR;
        $isBehind = false;
        foreach (debug_backtrace(DEBUG_BACKTRACE_IGNORE_ARGS, self::FRAMES) as $frame) {
            $file = $frame['file'] ?? '';
            $isBehind = $isBehind || ($frame['class'] ?? '') === 'WP_Http';
            if ($isBehind && $file !== '' && strpos($file, DIRECTORY_SEPARATOR . 'wp-includes' . DIRECTORY_SEPARATOR) === false) {
                // What stands behind WordPress' own code called it.
                return strncmp($file, $own, strlen($own)) === 0;
            }
        }
        return false;
    }
}
