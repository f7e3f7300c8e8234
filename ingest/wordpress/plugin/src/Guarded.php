<?php

declare(strict_types=1);

namespace Tourniquet;

/**
 * Hooks whose failure the page does not notice. What failed is counted, and told on the log as `observer-failed`.
 *
 * @phpstan-type Subscription array{hook: string, callback: callable, priority: int, arguments: int}
 */
final class Guarded
{
    /** @var callable(\Throwable): void|null */
    private static $onFailure = null;

    /** @param callable(\Throwable): void $onFailure */
    public static function reportTo(callable $onFailure): void
    {
        self::$onFailure = $onFailure;
    }

    /** Of hooks that an observer adds while it is looked at instead of started. @var list<Subscription>|null */
    private static ?array $collected = null;

    /** What it returns is not looked at. */
    public static function action(string $hook, callable $callback, int $priority = 10, int $arguments = 1): void
    {
        self::look($hook, $callback, $priority, $arguments);
    }

    /** The callback may look and may change: what it returns is passed on; when it fails, what came in is. */
    public static function filter(string $hook, callable $callback, int $priority = 10, int $arguments = 1): void
    {
        self::listen($hook, static function (...$given) use ($callback) {
            self::listenToWarnings();
            try {
                return $callback(...$given);
            } catch (\Throwable $failure) {
                self::failed($failure);
                return $given[0] ?? null;
            } finally {
                restore_error_handler();
            }
        }, $priority, $arguments);
    }

    /** A filter that only looks: what came in goes on, whatever the callback returns. */
    public static function look(string $hook, callable $callback, int $priority = 10, int $arguments = 1): void
    {
        self::listen($hook, static function (...$given) use ($callback) {
            self::listenToWarnings();
            try {
                $callback(...$given);
            } catch (\Throwable $failure) {
                self::failed($failure);
            } finally {
                restore_error_handler();
            }
            return $given[0] ?? null;
        }, $priority, $arguments);
    }

    /**
     * What a function would listen to, instead of doing so.
     *
     * @return list<Subscription>
     */
    public static function collect(callable $register): array
    {
        $before = self::$collected;
        self::$collected = [];
        try {
            $register();
            return self::$collected;
        } finally {
            self::$collected = $before;
        }
    }

    private static function listen(string $hook, callable $callback, int $priority, int $arguments): void
    {
        if (self::$collected === null) {
            add_filter($hook, $callback, $priority, $arguments);
            return;
        }
        self::$collected[] = ['hook' => $hook, 'callback' => $callback, 'priority' => $priority, 'arguments' => $arguments];
    }

    /**
     * Warnings of our own code are told instead of shown: other plugins call hooks with whatever they have. Those of others go where
     * they went before.
     */
    private static function listenToWarnings(): void
    {
        $before = null;
        $before = set_error_handler(static function (int $kind, string $text, string $file = '', int $line = 0) use (&$before) {
            if ($kind === E_DEPRECATED || strncmp($file, __DIR__ . DIRECTORY_SEPARATOR, strlen(__DIR__) + 1) !== 0) {
                return $before === null ? false : $before($kind, $text, $file, $line);
            }
            if ((error_reporting() & $kind) !== 0) {
                self::failed(new \ErrorException($text, 0, $kind, $file, $line));
            }
            return true;
        });
    }

    /** Now, instead of in a hook. */
    public static function call(callable $callback): void
    {
        try {
            $callback();
        } catch (\Throwable $failure) {
            self::failed($failure);
        }
    }

    /** For what is called from elsewhere than a hook, but must not throw either. */
    public static function failed(\Throwable $failure): void
    {
        try {
            if (self::$onFailure !== null) {
                (self::$onFailure)($failure);
            }
        } catch (\Throwable $again) {
            // What cannot even be told must not reach the page either.
        }
    }
}
