<?php

declare(strict_types=1);

namespace Tourniquet\Spool;

/** Whether the spool keeps to itself: asks the site for a file of it over HTTP. Slow: for cron, the command line and Site Health. */
final class SelfTest
{
    public const OUTSIDE = 'outside';
    public const DENIED = 'denied';
    /** The web server hands it out: deny rules do not hold there (nginx). */
    public const SERVED = 'served';
    public const UNKNOWN = 'unknown';
    /** Locks do not work on this drive. */
    public const NO_LOCKS = 'no-locks';
    public const NOT_WRITABLE = 'not-writable';

    private const OPTION = 'tourniquet_spool_test';

    /** Asks, and remembers the answer. */
    public static function run(Place $place): string
    {
        $result = !$place->prepare() ? self::NOT_WRITABLE : (!$place->locksWork() ? self::NO_LOCKS : self::ask($place));
        update_site_option(self::OPTION, ['result' => $result, 'at' => time(), 'directory' => $place->directory()]);
        return $result;
    }

    /** The last answer for this directory; empty when it was never asked. */
    public static function last(Place $place): string
    {
        $saved = get_site_option(self::OPTION, []);
        return is_array($saved) && ($saved['directory'] ?? '') === $place->directory() ? (string) ($saved['result'] ?? '') : '';
    }

    public static function isDue(): bool
    {
        $saved = get_site_option(self::OPTION, []);
        return !is_array($saved) || abs(time() - (int) ($saved['at'] ?? 0)) > DAY_IN_SECONDS;
    }

    private static function ask(Place $place): string
    {
        $url = $place->url();
        if ($url === '') {
            return $place->isOutsideWebRoot() ? self::OUTSIDE : self::UNKNOWN;
        }
        $secret = bin2hex(random_bytes(16));
        if (!PrivateFile::replace($place->directory() . '/probe.txt', $secret)) {
            return self::NOT_WRITABLE;
        }
        // As everybody sees it: without following to a log-in page, and whatever the certificate is.
        $response = wp_remote_get($url . '/probe.txt', ['timeout' => 5, 'redirection' => 0, 'sslverify' => false]);
        @unlink($place->directory() . '/probe.txt');
        if (is_wp_error($response)) {
            return self::UNKNOWN;
        }
        return strpos((string) wp_remote_retrieve_body($response), $secret) === false ? self::DENIED : self::SERVED;
    }
}
