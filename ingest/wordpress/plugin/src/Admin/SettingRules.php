<?php

declare(strict_types=1);

namespace Tourniquet\Admin;

use Tourniquet\Settings;

/** What a setting's value must be. Pure; answers are words that `SettingFields` puts into sentences. */
final class SettingRules
{
    private const PURPOSES = ['payment', 'mail', 'sms', 'shipping', 'accounting', 'analytics', 'backup', 'ai', 'update'];
    private const CHOICES = [
        'shipping' => ['plugin', 'external'],
        'ai_policy' => ['allow', 'local-only', 'anonymise', 'block'],
        'containment' => ['dry-run', 'enforce'],
    ];
    /** What each line of a list must be. */
    private const LISTS = ['trusted_proxies' => 'network', 'region' => 'region', 'ai_hosts' => 'host', 'ai_local_hosts' => 'host', 'browser_pages' => 'path'];
    private const MOST_LINES = 200;
    private const HOST = '/^(?:\*\.)?(?=.{1,253}\z)[a-z0-9_](?:[a-z0-9_-]{0,62})(?:\.[a-z0-9_](?:[a-z0-9_-]{0,62}))*(?::\d{1,5})?\z/i';

    /** @return list<string> */
    public static function choices(string $name): array
    {
        return self::CHOICES[$name] ?? [];
    }

    /**
     * Null when it may be set.
     *
     * @param mixed $value
     */
    public static function problem(string $name, $value): ?string
    {
        if (!array_key_exists($name, Settings::DEFAULTS)) {
            return 'unknown';
        }
        if (gettype($value) !== gettype(Settings::DEFAULTS[$name])) {
            return 'type';
        }
        if (isset(self::CHOICES[$name])) {
            return in_array($value, self::CHOICES[$name], true) ? null : 'choice';
        }
        if (is_array($value)) {
            return self::listProblem($name, $value);
        }
        switch ($name) {
            case 'spool_mebibytes':
                return $value >= 8 && $value <= 1048576 ? null : 'range';
            case 'spool_directory':
                return $value === '' || self::isDirectory($value) ? null : 'directory';
            case 'ai_local_endpoint':
                return $value === '' || self::isEndpoint($value) ? null : 'endpoint';
            default:
                return null;
        }
    }

    /** @param array<mixed> $value */
    private static function listProblem(string $name, array $value): ?string
    {
        if (count($value) > self::MOST_LINES) {
            return 'too-many';
        }
        foreach ($value as $key => $line) {
            if (!is_string($line)) {
                return 'type';
            }
            if ($name === 'outbound_purposes') {
                if (!is_string($key) || preg_match(self::HOST, $key) !== 1 || !in_array($line, self::PURPOSES, true)) {
                    return 'purpose';
                }
            } elseif (!is_int($key) || !self::fits(self::LISTS[$name], $line)) {
                return self::LISTS[$name];
            }
        }
        return null;
    }

    private static function fits(string $what, string $line): bool
    {
        switch ($what) {
            case 'network':
                return self::isNetwork($line);
            case 'region':
                return preg_match('/^[A-Z]{2}\z/', $line) === 1 || (strpos($line, '.') !== false && preg_match(self::HOST, $line) === 1);
            case 'path':
                return preg_match('~^/[^?#\s]{0,200}\z~', $line) === 1;
            default:
                return preg_match(self::HOST, $line) === 1;
        }
    }

    private static function isNetwork(string $line): bool
    {
        [$start, $length] = explode('/', $line, 2) + [1 => null];
        $bytes = @inet_pton($start);
        return $bytes !== false && ($length === null || (preg_match('/^\d{1,3}\z/', $length) === 1 && (int) $length >= 1 && (int) $length <= 8 * strlen($bytes)));
    }

    private static function isDirectory(string $path): bool
    {
        return preg_match('~^(?:/|[A-Za-z]:[\\\\/])[^\x00-\x1f]+\z~', $path) === 1 && strpos($path, '..') === false && strpos($path, '://') === false;
    }

    private static function isEndpoint(string $url): bool
    {
        $parts = parse_url($url);
        return is_array($parts) && in_array($parts['scheme'] ?? '', ['http', 'https'], true) && ($parts['host'] ?? '') !== ''
            && !isset($parts['user']) && !isset($parts['pass']) && !isset($parts['fragment']);
    }

    /**
     * A value of the setting's type from what a form sends: lists are lines, maps lines of `name = value`.
     *
     * @param string|null $text null where nothing was sent, as of a box without its tick
     * @return mixed
     */
    public static function parse(string $name, ?string $text)
    {
        $default = Settings::DEFAULTS[$name];
        if (is_bool($default)) {
            return $text !== null && $text !== '' && $text !== '0';
        }
        $text = trim((string) $text);
        if (is_int($default)) {
            return preg_match('/^\d{1,9}\z/', $text) === 1 ? (int) $text : -1;
        }
        if (!is_array($default)) {
            return $text;
        }
        $lines = array_values(array_filter(array_map('trim', preg_split('/\R/', $text) ?: []), static fn(string $line): bool => $line !== ''));
        if ($name !== 'outbound_purposes') {
            return $lines;
        }
        $map = [];
        foreach ($lines as $line) {
            [$key, $value] = array_map('trim', explode('=', $line, 2) + [1 => '']);
            $map[strtolower($key)] = strtolower($value);
        }
        return $map;
    }

    /**
     * What a form shows for a value; `parse` turns it back.
     *
     * @param mixed $value
     */
    public static function text(string $name, $value): string
    {
        if (!is_array($value)) {
            return is_bool($value) ? ($value ? '1' : '') : (string) $value;
        }
        $lines = [];
        foreach ($value as $key => $line) {
            $lines[] = $name === 'outbound_purposes' ? "{$key} = {$line}" : (string) $line;
        }
        return implode("\n", $lines);
    }
}
