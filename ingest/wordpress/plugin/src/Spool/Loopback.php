<?php

declare(strict_types=1);

namespace Tourniquet\Spool;

/** Requests of the site to itself, which nobody waits for. */
final class Loopback
{
    /** With somebody waiting for the page, and without. */
    private const HASTE_SECONDS = 0.1;
    private const PATIENCE_SECONDS = 1.0;
    private const KEY_SECONDS = 60;

    /** A key for one start, good for a minute. */
    public static function key(string $directory, int $now): string
    {
        $secret = PrivateFile::read($directory . '/beat.key');
        if ($secret === null || strlen($secret) !== 32) {
            $secret = random_bytes(32);
            PrivateFile::replace($directory . '/beat.key', $secret);
            $secret = PrivateFile::read($directory . '/beat.key') ?? $secret;
        }
        return $now . '.' . hash_hmac('sha256', "tourniquet/beat\n{$now}", $secret);
    }

    public static function isKey(string $directory, string $key, int $now): bool
    {
        $secret = PrivateFile::read($directory . '/beat.key');
        // Cut first: a digest that begins like an exponent would make another number of it.
        $at = (int) explode('.', $key, 2)[0];
        return $secret !== null && strlen($secret) === 32 && abs($now - $at) <= self::KEY_SECONDS && hash_equals($at . '.' . hash_hmac('sha256', "tourniquet/beat\n{$at}", $secret), $key);
    }

    /**
     * Sends the request. Patient, it waits a second for the first byte, since some servers drop a request whose client is gone before
     * they began. Like WordPress's own calls to itself, it takes any certificate.
     */
    public static function start(string $url, bool $patient): bool
    {
        $parts = parse_url($url);
        $host = $parts['host'] ?? '';
        $isTls = ($parts['scheme'] ?? '') === 'https';
        $port = $parts['port'] ?? ($isTls ? 443 : 80);
        $context = stream_context_create(['ssl' => ['verify_peer' => false, 'verify_peer_name' => false, 'peer_name' => trim($host, '[]')]]);
        $socket = @stream_socket_client(($isTls ? 'tls://' : 'tcp://') . "{$host}:{$port}", $code, $text, $patient ? self::PATIENCE_SECONDS : self::HASTE_SECONDS, STREAM_CLIENT_CONNECT, $context);
        if ($socket === false) {
            return false;
        }
        $path = ($parts['path'] ?? '/') . (isset($parts['query']) ? '?' . $parts['query'] : '');
        $at = isset($parts['port']) ? "{$host}:{$port}" : $host;
        stream_set_timeout($socket, 1);
        @fwrite($socket, "GET {$path} HTTP/1.1\r\nHost: {$at}\r\nUser-Agent: Tourniquet\r\nConnection: close\r\n\r\n");
        $answered = !$patient || (string) @fread($socket, 1) !== '';
        fclose($socket);
        return $answered;
    }
}
