<?php

declare(strict_types=1);

namespace Tourniquet;

/**
 * Observers that are loaded when one of their hooks fires for the first time in a request: most requests need few of them.
 * `listens.php` says which hooks wake whom; a test holds it against what they register.
 *
 * WordPress is given names instead of objects ("Tourniquet\Asleep::HOOK PRIORITY"), as it makes a key of each object.
 *
 * @phpstan-import-type Subscription from Guarded
 */
final class Asleep
{
    /** By hook and priority: how many arguments, and whom it wakes. @var array<string, array<int, array{int, list<class-string<Observer>>}>> */
    private static array $hooks = [];
    /** @var callable(class-string<Observer>): Observer */
    private static $make;
    /** What those who are awake listen to, by class, hook and priority. @var array<string, array<string, list<Subscription>>> */
    private static array $awake = [];

    /**
     * @param array<string, array<int, array{int, list<class-string<Observer>>}>> $hooks
     * @param callable(class-string<Observer>): Observer $make
     */
    public static function until(array $hooks, callable $make): void
    {
        self::$hooks = $hooks;
        self::$make = $make;
        self::$awake = [];
        foreach ($hooks as $hook => $priorities) {
            foreach ($priorities as $priority => [$arguments]) {
                add_filter($hook, "Tourniquet\\Asleep::{$hook} {$priority}", $priority, $arguments);
            }
        }
    }

    /**
     * @param list<mixed> $given
     * @return mixed what is passed on
     */
    public static function __callStatic(string $name, array $given)
    {
        $at = (int) strrpos($name, ' ');
        [, $classes] = self::$hooks[substr($name, 0, $at)][(int) substr($name, $at + 1)] ?? [0, []];
        foreach ($classes as $class) {
            self::$awake[$class] ??= self::wake($class);
            foreach (self::$awake[$class][$name] ?? [] as $subscription) {
                $passedOn = $subscription['callback'](...array_slice($given, 0, $subscription['arguments']));
                $given = $given === [] ? [] : [$passedOn] + $given;
            }
        }
        return $given[0] ?? null;
    }

    /**
     * @param class-string<Observer> $class
     * @return array<string, list<Subscription>>
     */
    private static function wake(string $class): array
    {
        // What making it sets off itself finds nobody at home.
        self::$awake[$class] = [];
        $listens = [];
        Guarded::call(static function () use ($class, &$listens): void {
            foreach (Guarded::collect([(self::$make)($class), 'register']) as $subscription) {
                ['hook' => $hook, 'priority' => $priority] = $subscription;
                if (in_array($class, self::$hooks[$hook][$priority][1] ?? [], true)) {
                    $listens["{$hook} {$priority}"][] = $subscription;
                    continue;
                }
                add_filter($hook, $subscription['callback'], $priority, $subscription['arguments']);
                // A request may turn into one of cron or of staff on its way, where more is listened to.
                if (!is_admin() && !wp_doing_cron()) {
                    Guarded::failed(new \LogicException('a hook that is not in listens.php'));
                }
            }
        });
        return $listens;
    }
}
