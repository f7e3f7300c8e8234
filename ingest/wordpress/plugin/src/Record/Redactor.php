<?php

declare(strict_types=1);

namespace Tourniquet\Record;

/** Texts that are no identifiers but may hold some: paths, file names, hosts, slugs. */
final class Redactor
{
    private const MOST = 256;
    /** Encodings around encodings that are taken off. */
    private const LAYERS = 3;

    /**
     * What looks like an e-mail address, a telephone, card or account number, or a secret is replaced by `-`. As the gateway
     * does it: `contracts/vectors/redacted-text.ndjson`.
     */
    public static function text(string $text): string
    {
        $text = substr($text, 0, 4 * self::MOST);
        for ($layer = 0; $layer < self::LAYERS && strpos($text, '%') !== false; $layer++) {
            $text = rawurldecode($text);
        }
        if (preg_match('//u', $text) !== 1) {
            $text = (string) preg_replace('/[^\x20-\x7e]/', '?', $text);
        }
        $text = (string) preg_replace('/\p{Cc}+/u', ' ', $text);
        $text = (string) preg_replace('/[^\s\/@=&?]+@[^\s\/@=&?]+/u', '-', $text);
        $text = (string) preg_replace('/(?=[A-Za-z_-]*\d)[A-Za-z0-9_-]{32,}/', '-', $text);
        $text = (string) preg_replace('/(?=[A-Za-z]*\d)(?=\d*[A-Za-z])[A-Za-z0-9]{20,}|[A-Za-z]{32,}/', '-', $text);
        $text = (string) preg_replace('/\+?\d(?:[ ().-]{0,2}\d){6,}/', '-', $text);
        return preg_match('/^.{0,' . self::MOST . '}/us', $text, $start) === 1 ? $start[0] : '';
    }

    /** The path of an address, without what follows `?`. */
    public static function path(string $uri): string
    {
        return self::text((string) strtok($uri, '?#'));
    }

    /** A name that code has: an action, an operation. Words of letters stay however long they are together; what else is there is redacted. */
    public static function name(string $name): string
    {
        return preg_match('/^[A-Za-z]{1,24}(?:[_-][A-Za-z]{0,24})*\d{0,3}$/D', $name) === 1 && strlen($name) <= 128 ? $name : self::text($name);
    }

    /** A file's path below the WordPress directory, or below the one that holds `wp-content`. */
    public static function file(string $path): string
    {
        $path = str_replace('\\', '/', $path);
        foreach ([ABSPATH, dirname(WP_CONTENT_DIR)] as $root) {
            $root = rtrim(str_replace('\\', '/', $root), '/') . '/';
            if (strncmp($path, $root, strlen($root)) === 0) {
                return self::text(substr($path, strlen($root)));
            }
        }
        return self::text(basename($path));
    }
}
