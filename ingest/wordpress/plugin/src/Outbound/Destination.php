<?php

declare(strict_types=1);

namespace Tourniquet\Outbound;

/** Where a call goes, by its address. */
final class Destination
{
    /** Names below which others' names are registered. */
    private const SHARED_ENDINGS = '/^(?:co|com|org|net|gov|ac|edu|or|ne|go)\.[a-z]{2}$/';
    private const LOCAL_NAMES = '/(?:^|\.)(?:localhost|local|lan|internal|home\.arpa)$/';

    public string $scheme;
    /** In small letters, without brackets and the point at its end. */
    public string $host;
    public int $port;
    public string $path;
    public string $query;

    private function __construct(string $scheme, string $host, int $port, string $path, string $query)
    {
        $this->scheme = $scheme;
        $this->host = $host;
        $this->port = $port;
        $this->path = $path;
        $this->query = $query;
    }

    /** Null for what is no http address. */
    public static function of(string $url): ?self
    {
        $parts = wp_parse_url(trim($url));
        $scheme = strtolower((string) ($parts['scheme'] ?? ''));
        $host = rtrim(strtolower(trim((string) ($parts['host'] ?? ''), '[]')), '.');
        if (!is_array($parts) || ($scheme !== 'http' && $scheme !== 'https') || $host === '') {
            return null;
        }
        return new self($scheme, $host, (int) ($parts['port'] ?? ($scheme === 'https' ? 443 : 80)), (string) ($parts['path'] ?? '/'), (string) ($parts['query'] ?? ''));
    }

    /** Loopback, private and link-local addresses, single names, and names kept for own networks. */
    public function isLocal(): bool
    {
        if (filter_var($this->host, FILTER_VALIDATE_IP) !== false) {
            return filter_var($this->host, FILTER_VALIDATE_IP, FILTER_FLAG_NO_PRIV_RANGE | FILTER_FLAG_NO_RES_RANGE) === false;
        }
        // Numbers alone can be an address in another spelling.
        return preg_match(self::LOCAL_NAMES, $this->host) === 1 || (strpos($this->host, '.') === false && preg_match('/^(?:0x[0-9a-f]+|\d+)$/', $this->host) !== 1);
    }

    /** Whether the site calls itself: WP-Cron, Site Health. */
    public function isOwn(): bool
    {
        foreach ([home_url(), site_url()] as $url) {
            $own = self::of($url);
            if ($own !== null && $own->host === $this->host && in_array($this->port, [$own->port, 80, 443], true)) {
                return true;
            }
        }
        return false;
    }

    /** @param iterable<mixed> $hosts names; each also stands for the names below it */
    public function isAmong(iterable $hosts): bool
    {
        foreach ($hosts as $host) {
            $name = is_string($host) ? ltrim(strtolower($host), '.*') : '';
            if ($name !== '' && ($this->host === $name || substr($this->host, -strlen($name) - 1) === '.' . $name)) {
                return true;
            }
        }
        return false;
    }

    /** For the log: long labels of the name may be data, so they are replaced by as many letters. */
    public function name(callable $token): string
    {
        $labels = array_map(static fn(string $label): string => strlen($label) < 32 ? $label : Shape::of($label, $token), explode('.', $this->host));
        return substr((string) preg_replace('/[^a-z0-9.:_\x80-\xff-]/', '-', implode('.', $labels)), 0, 253);
    }

    /** The part of the name that somebody registered; empty for addresses. */
    public function registered(): string
    {
        if (filter_var($this->host, FILTER_VALIDATE_IP) !== false) {
            return '';
        }
        $labels = explode('.', $this->host);
        $count = count($labels) > 2 && preg_match(self::SHARED_ENDINGS, implode('.', array_slice($labels, -2))) === 1 ? 3 : 2;
        return implode('.', array_slice($labels, -$count));
    }
}
