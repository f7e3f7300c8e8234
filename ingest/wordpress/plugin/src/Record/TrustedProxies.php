<?php

declare(strict_types=1);

namespace Tourniquet\Record;

/** Addresses behind proxies that the owner trusts. */
final class TrustedProxies
{
    /**
     * The last address in `X-Forwarded-For` that is no trusted proxy, when the peer is one; otherwise the peer.
     *
     * @param array<string, mixed> $server
     * @param list<string> $trusted networks as `192.0.2.0/24` or `2001:db8::/32`, or single addresses
     */
    public static function address(array $server, array $trusted): string
    {
        $peer = self::plain((string) ($server['REMOTE_ADDR'] ?? ''));
        if (filter_var($peer, FILTER_VALIDATE_IP) === false) {
            return '';
        }
        if (!self::contains($trusted, $peer)) {
            return $peer;
        }
        foreach (array_reverse(explode(',', substr((string) ($server['HTTP_X_FORWARDED_FOR'] ?? ''), -1024))) as $hop) {
            $hop = self::plain(trim($hop));
            if (filter_var($hop, FILTER_VALIDATE_IP) === false) {
                break;
            }
            $peer = $hop;
            if (!self::contains($trusted, $hop)) {
                break;
            }
        }
        return $peer;
    }

    /** @param list<string> $networks */
    public static function contains(array $networks, string $address): bool
    {
        $bytes = @inet_pton($address);
        if ($bytes === false) {
            return false;
        }
        $plain = (string) @inet_pton(self::plain($address));
        return self::isWithin($networks, $bytes) || ($plain !== $bytes && self::isWithin($networks, $plain));
    }

    /** @param list<string> $networks */
    private static function isWithin(array $networks, string $bytes): bool
    {
        foreach ($networks as $network) {
            [$start, $length] = explode('/', $network, 2) + [1 => ''];
            $startBytes = @inet_pton($start);
            if ($startBytes === false || strlen($startBytes) !== strlen($bytes)) {
                continue;
            }
            $bits = $length === '' ? 8 * strlen($bytes) : max(0, min((int) $length, 8 * strlen($bytes)));
            $whole = intdiv($bits, 8);
            $rest = $bits % 8;
            if (strncmp($startBytes, $bytes, $whole) === 0 && ($rest === 0 || (ord($startBytes[$whole]) ^ ord($bytes[$whole])) >> (8 - $rest) === 0)) {
                return true;
            }
        }
        return false;
    }

    /** What a server that listens on both calls `::ffff:192.0.2.7` is the address `192.0.2.7`. */
    private static function plain(string $address): string
    {
        $bytes = @inet_pton($address);
        return $bytes !== false && strlen($bytes) === 16 && strncmp($bytes, "\0\0\0\0\0\0\0\0\0\0\xff\xff", 12) === 0 ? (string) inet_ntop(substr($bytes, 12)) : $address;
    }
}
