<?php

declare(strict_types=1);

namespace Tourniquet\Observe;

use Tourniquet\Guarded;

/** Changes of a user's meta values, whoever writes them: with the value before and the one after. */
final class UserMeta
{
    /** @var callable(string): bool */
    private $watched;
    /** @var callable(int, string, mixed, mixed): void */
    private $changed;
    /** Values before a write that is under way, by user and key. @var array<string, mixed> */
    private array $before = [];

    private function __construct(callable $watched, callable $changed)
    {
        $this->watched = $watched;
        $this->changed = $changed;
    }

    /**
     * @param callable(string): bool $watched whether a meta key is meant
     * @param callable(int, string, mixed, mixed): void $changed user, key, value before, value after; null where there is none
     */
    public static function watch(callable $watched, callable $changed): void
    {
        $watch = new self($watched, $changed);
        foreach (['update_user_meta', 'delete_user_meta'] as $hook) {
            Guarded::action($hook, static fn($metaId, $userId, $key) => $watch->begin((int) $userId, (string) $key), 10, 3);
        }
        foreach (['updated_user_meta', 'added_user_meta'] as $hook) {
            Guarded::action($hook, static fn($metaId, $userId, $key, $value) => $watch->end((int) $userId, (string) $key, $value), 10, 4);
        }
        Guarded::action('deleted_user_meta', static fn($metaIds, $userId, $key) => $watch->end((int) $userId, (string) $key, null), 10, 3);
    }

    private function begin(int $userId, string $key): void
    {
        if ($userId > 0 && ($this->watched)($key)) {
            $this->before[$userId . ' ' . $key] = get_user_meta($userId, $key, true);
        }
    }

    /** @param mixed $after */
    private function end(int $userId, string $key, $after): void
    {
        if ($userId > 0 && ($this->watched)($key)) {
            $before = $this->before[$userId . ' ' . $key] ?? null;
            unset($this->before[$userId . ' ' . $key]);
            ($this->changed)($userId, $key, $before, $after);
        }
    }
}
