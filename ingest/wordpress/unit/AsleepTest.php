<?php

declare(strict_types=1);

namespace Tourniquet {
    /** In place of WordPress' own, for what lies in this namespace. */
    function add_filter(string $hook, callable $callback, int $priority = 10, int $arguments = 1): void
    {
        Unit\AsleepTest::$added[] = [$hook, $callback, $priority, $arguments];
    }

    function is_admin(): bool
    {
        return false;
    }

    function wp_doing_cron(): bool
    {
        return false;
    }
}

namespace Tourniquet\Unit {
    use PHPUnit\Framework\TestCase;
    use Tourniquet\Asleep;
    use Tourniquet\Guarded;
    use Tourniquet\Observer;
    use Tourniquet\Outbound\Letter;

    final class AsleepTest extends TestCase
    {
        /** @var list<array{string, callable, int, int}> */
        public static array $added = [];
        /** @var list<mixed> */
        private array $heard = [];
        /** @var list<string> */
        private array $failures = [];

        protected function setUp(): void
        {
            self::$added = [];
            Guarded::reportTo(function (\Throwable $failure): void {
                $this->failures[] = $failure->getMessage();
            });
        }

        /** @param callable(): void $register */
        private static function observer(callable $register): Observer
        {
            return new class ($register) implements Observer {
                /** @var callable(): void */
                private $register;

                public function __construct(callable $register)
                {
                    $this->register = $register;
                }

                public function register(): void
                {
                    ($this->register)();
                }
            };
        }

        /** @return mixed what the callbacks of a hook pass on, as WordPress calls them */
        private static function fire(string $hook, ...$given)
        {
            $added = self::$added;
            usort($added, static fn(array $one, array $other): int => $one[2] <=> $other[2]);
            foreach ($added as [$name, $callback, , $arguments]) {
                if ($name === $hook) {
                    $given[0] = call_user_func_array($callback, array_slice($given, 0, $arguments));
                }
            }
            return $given[0];
        }

        public function testIsMadeByItsFirstHookAndHearsThatOne(): void
        {
            $made = [];
            Asleep::until(['said.so/far' => [5 => [2, ['a']]], 'asked' => [10 => [1, ['a']]]], function (string $class) use (&$made): Observer {
                $made[] = $class;
                return self::observer(function (): void {
                    Guarded::action('said.so/far', function (...$given): void {
                        $this->heard[] = $given;
                    }, 5, 2);
                    Guarded::filter('asked', static fn($value) => $value + 1);
                });
            });
            self::assertSame([['said.so/far', 5, 2], ['asked', 10, 1]], array_map(static fn(array $one): array => [$one[0], $one[2], $one[3]], self::$added));
            self::assertSame([], $made);
            self::assertSame('a', self::fire('said.so/far', 'a', 'b', 'c'));
            self::assertSame(8, self::fire('asked', 7));
            self::fire('said.so/far', 'd');
            self::assertSame([['a'], [['a', 'b'], ['d']]], [$made, $this->heard]);
            self::assertCount(2, self::$added);
            self::assertSame([], $this->failures);
        }

        public function testSeveralHearOneHookInTheirOrderEachWithItsArguments(): void
        {
            Asleep::until(['asked' => [10 => [2, ['double', 'add']], 20 => [1, ['add']]]], static fn(string $class): Observer => self::observer(static function () use ($class): void {
                if ($class === 'double') {
                    Guarded::filter('asked', static fn(...$given) => $given[0] * 2 * count($given));
                    return;
                }
                Guarded::filter('asked', static fn($value, $more) => $value + $more, 10, 2);
                Guarded::filter('asked', static fn($value) => $value . '!', 20);
            }));
            self::assertSame('15!', self::fire('asked', 5, 5));
        }

        public function testWhatTheListLacksIsHeardOnceItIsAwakeAndTold(): void
        {
            Asleep::until(['said' => [10 => [1, ['a']]], 'not asked for' => [10 => [1, ['a']]]], fn(): Observer => self::observer(function (): void {
                foreach (['said', 'unlisted'] as $hook) {
                    Guarded::action($hook, function ($what) use ($hook): void {
                        $this->heard[] = [$hook, $what];
                    });
                }
            }));
            self::assertSame('x', self::fire('not asked for', 'x'));
            self::fire('said', 'a');
            self::fire('unlisted', 'b');
            self::assertSame([['said', 'a'], ['unlisted', 'b']], $this->heard);
            self::assertSame(['a hook that is not in listens.php'], $this->failures);
        }

        public function testWarningsOfOurCodeAreToldAndThoseOfOthersGoWhereTheyWent(): void
        {
            $others = [];
            set_error_handler(static function (int $kind, string $text) use (&$others): bool {
                $others[] = $text;
                return true;
            });
            try {
                Asleep::until(['said' => [10 => [1, ['a']]]], static fn(): Observer => self::observer(static function (): void {
                    Guarded::action('said', static function ($what): void {
                        Letter::of(['subject' => $what]);
                        trigger_error('of another');
                    });
                }));
                self::assertSame(['x'], self::fire('said', ['x']));
            } finally {
                restore_error_handler();
            }
            self::assertSame([['of another'], ['Array to string conversion']], [$others, $this->failures]);
        }

        public function testOneThatCannotBeMadeDisturbsNobody(): void
        {
            Asleep::until(['said' => [10 => [1, ['broken', 'well']]]], function (string $class): Observer {
                if ($class === 'broken') {
                    throw new \RuntimeException('broken');
                }
                return self::observer(function (): void {
                    Guarded::action('said', function ($what): void {
                        $this->heard[] = $what;
                    });
                });
            });
            self::assertSame(['a', 'b'], [self::fire('said', 'a'), self::fire('said', 'b')]);
            self::assertSame([['broken'], ['a', 'b']], [$this->failures, $this->heard]);
        }

        public function testWhatHooksWhileItIsMadeOrLaterIsHookedAtOnce(): void
        {
            Asleep::until(['said' => [10 => [1, ['a']]]], function (): Observer {
                Guarded::action('made', static fn() => null);
                return self::observer(static function (): void {
                    Guarded::action('said', static fn() => Guarded::action('later', static fn() => null));
                });
            });
            self::fire('said', 'a');
            self::assertSame(['said', 'made', 'later'], array_column(self::$added, 0));
            self::assertSame([], $this->failures);
        }
    }
}
