<?php

declare(strict_types=1);

namespace Tourniquet\Contain;

/** Files that PHP or a web server would run or obey. Links are not followed. */
final class CodeFiles
{
    private const NAMES = '/\.(?:php\d?|phtml|phar|inc|js)\z|^\.htaccess\z|^\.user\.ini\z/i';

    /**
     * @param list<string> $directories
     * @return \Generator<string> at most `$most` of them, until `$until` (seconds as `microtime` tells)
     */
    public static function below(array $directories, int $most, float $until): \Generator
    {
        $seen = 0;
        while ($directories !== []) {
            $directory = rtrim((string) array_pop($directories), '/');
            foreach (@scandir($directory) ?: [] as $name) {
                $path = $directory . '/' . $name;
                if ($name === '.' || $name === '..' || is_link($path)) {
                    continue;
                }
                if (is_dir($path)) {
                    $directories[] = $path;
                } elseif (preg_match(self::NAMES, $name) === 1) {
                    if (++$seen > $most || microtime(true) > $until) {
                        return;
                    }
                    yield $path;
                }
            }
        }
    }
}
