<?php

/**
 * The spool on the command line, for the tests beside it:
 *
 *     php test-spool.php DIR STEP…      steps: append=PREFIX:COUNT[:BYTES], lasting=PREFIX:COUNT, enrol=LINE, seal, ship[=AFTER], beat, status,
 *                                  clock=SECONDS, work=PREFIX
 *
 * Says `kept NUMBER` for each line the spool took. CLOCK: seconds the clock is wrong by. DIE_AT: the writing call to be killed at
 * (kill -9), before it or, with DIE_AFTER, after it.
 */

declare(strict_types=1);

namespace Tourniquet\Spool {
    function time(): int
    {
        return \time() + (int) getenv('CLOCK');
    }

    /** @return string|float */
    function microtime(bool $asFloat = false)
    {
        return \microtime(true) + (int) getenv('CLOCK');
    }

    /** @return mixed */
    function step(string $function, array $arguments)
    {
        static $calls = 0;
        $dies = ++$calls === (int) getenv('DIE_AT');
        if ($dies && getenv('DIE_AFTER') === false) {
            // Half of what was to be written, as a kill in mid-write leaves it.
            $function === '\fwrite' && \fwrite($arguments[0], substr($arguments[1], 0, intdiv(strlen($arguments[1]), 2)));
            posix_kill(getmypid(), 9);
        }
        $result = $function(...$arguments);
        if ($dies) {
            posix_kill(getmypid(), 9);
        }
        return $result;
    }

    /** @return mixed */
    function fwrite(...$arguments)
    {
        return step('\fwrite', $arguments);
    }

    /** @return mixed */
    function rename(...$arguments)
    {
        return step('\rename', $arguments);
    }

    /** @return mixed */
    function unlink(...$arguments)
    {
        return step('\unlink', $arguments);
    }

    /** @return mixed */
    function ftruncate(...$arguments)
    {
        return step('\ftruncate', $arguments);
    }
}

namespace {
    use Tourniquet\Spool\Spool;

    require __DIR__ . '/../plugin/src/Autoload.php';

    function say(string $text): void
    {
        fwrite(STDOUT, $text . "\n");
    }

    function append(Spool $spool, string $given, bool $lasting): void
    {
        [$prefix, $count, $bytes] = explode(':', $given) + [2 => 0];
        for ($i = 0; $i < (int) $count; $i++) {
            $line = json_encode(['n' => "{$prefix}-{$i}", 'x' => str_repeat('x', (int) $bytes)]);
            if ($spool->append([$line], $lasting)) {
                say("kept {$prefix}-{$i}");
            }
        }
    }

    function work(Spool $spool, string $prefix): void
    {
        for ($i = 0; $i < 400; $i++) {
            append($spool, "{$prefix}.{$i}:3:200", $i % 7 === 0);
            $i % 3 === 0 && $spool->sealNow();
            $i % 5 === 0 && $spool->ship(1, static function (): void {
            }, 0);
        }
    }

    $spool = Spool::at($argv[1], (int) (getenv('MEBIBYTES') ?: 256));
    foreach (array_slice($argv, 2) as $step) {
        [$name, $given] = explode('=', $step, 2) + [1 => ''];
        switch ($name) {
            case 'append':
            case 'lasting':
                append($spool, $given, $name === 'lasting');
                break;
            case 'enrol':
                say('enrolled ' . ($spool->enrol($given) ?? 'well'));
                break;
            case 'seal':
                $spool->sealNow();
                break;
            case 'ship':
                say('shipped ' . $spool->ship(30, static function (array $commands): void {
                    say('commands ' . json_encode($commands));
                }, (int) $given));
                break;
            case 'beat':
                say('beat ' . ($spool->beat([]) ? 'yes' : 'no'));
                break;
            case 'clock':
                putenv("CLOCK={$given}");
                break;
            case 'work':
                work($spool, $given);
                break;
            case 'status':
                say('status ' . json_encode($spool->status()));
        }
    }
}
