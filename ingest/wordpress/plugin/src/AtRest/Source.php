<?php

declare(strict_types=1);

namespace Tourniquet\AtRest;

/** Somewhere data lies, looked through in steps. */
interface Source
{
    /** What is looked at, for people. */
    public function name(): string;

    /**
     * Looks on from a cursor for a while.
     *
     * @param array<string, mixed> $cursor empty at the beginning; JSON
     * @param float $until as `microtime` tells; at least a little is done in any case
     * @return array<string, mixed>|null where to go on; null at the end
     */
    public function step(array $cursor, float $until, Findings $findings): ?array;
}
