<?php

declare(strict_types=1);

namespace Tourniquet\Spool;

use Tourniquet\Chain\Base64Url;
use Tourniquet\Chain\Box;

/** Who this site is to the gateway: what enrolment fixed, the box, and the token keys that letters brought. */
final class Identity
{
    private string $path;
    /** @var array<string, mixed> */
    private array $saved;

    /** @param array<string, mixed> $saved */
    private function __construct(string $path, array $saved)
    {
        $this->path = $path;
        $this->saved = $saved;
    }

    public static function load(Place $place): self
    {
        return self::at($place->directory());
    }

    public static function at(string $directory): self
    {
        $path = $directory . '/identity.json';
        return new self($path, PrivateFile::json($path) ?? []);
    }

    public function isEnrolled(): bool
    {
        return $this->receiptKey() !== '';
    }

    /** Name of the site; empty before enrolment. */
    public function site(): string
    {
        return $this->isEnrolled() ? $this->text('site') : '';
    }

    public function gatewayUrl(): string
    {
        return $this->text('gateway_url');
    }

    /** Whose receipts are believed, base64url; empty before enrolment. */
    public function receiptKey(): string
    {
        return $this->text('receipt_key');
    }

    /** 32 bytes of the newest key epoch; null until the letter with it came. */
    public function tokenKey(): ?string
    {
        $keys = $this->tokenKeys();
        return $keys === [] ? null : $keys[max(array_keys($keys))];
    }

    /** @return array<int, string> by key epoch, 32 bytes each */
    public function tokenKeys(): array
    {
        $keys = [];
        foreach (is_array($this->saved['token_keys'] ?? null) ? $this->saved['token_keys'] : [] as $epoch => $text) {
            $key = is_string($text) ? Base64Url::decode($text, 32) : null;
            if ($key !== null) {
                $keys[(int) $epoch] = $key;
            }
        }
        return $keys;
    }

    /** The 32 bytes of the Ed25519 key that signs commands; empty before the gateway knew one. */
    public function commandKey(): string
    {
        return (string) Base64Url::decode($this->text('command_key'), 32);
    }

    public function box(): ?Box
    {
        $private = Base64Url::decode($this->text('box'), 32);
        return $private === null ? null : new Box($private);
    }

    public function enrolmentKey(string $secretHash): string
    {
        return ($this->saved['enrolling']['secret_hash'] ?? '') === $secretHash ? (string) ($this->saved['enrolling']['key'] ?? '') : '';
    }

    /** @param array<string, mixed> $changes by their names in the file; null takes one away */
    public function save(array $changes): bool
    {
        return $this->change(static fn(array $saved): array => $changes + $saved);
    }

    public function addTokenKey(int $epoch, string $key): bool
    {
        $site = $this->text('site');
        return $this->change(static function (array $saved) use ($epoch, $key, $site): array {
            // Enrolled anew since the letter was asked for: it belongs to the site before.
            if (($saved['site'] ?? '') === $site) {
                $saved['token_keys'] = [$epoch => Base64Url::encode($key)] + (array) ($saved['token_keys'] ?? []);
                ksort($saved['token_keys']);
            }
            return $saved;
        });
    }

    /** What other processes wrote meanwhile stays. @param callable(array<string, mixed>): array<string, mixed> $change */
    private function change(callable $change): bool
    {
        $lock = PrivateFile::lock(dirname($this->path) . '/identity.lock', 5);
        if ($lock === null) {
            return false;
        }
        if (PrivateFile::read($this->path) === null && @file_exists($this->path)) {
            // It is there and cannot be read just now: written anew, it would lose every key.
            fclose($lock);
            return false;
        }
        $this->saved = array_filter($change(PrivateFile::json($this->path) ?? []), static fn($value): bool => $value !== null);
        $kept = PrivateFile::replace($this->path, json_encode($this->saved, JSON_UNESCAPED_SLASHES | JSON_PRETTY_PRINT) . "\n");
        fclose($lock);
        return $kept;
    }

    private function text(string $name): string
    {
        return is_string($this->saved[$name] ?? null) ? $this->saved[$name] : '';
    }
}
