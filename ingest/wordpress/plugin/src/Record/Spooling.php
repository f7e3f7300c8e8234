<?php

declare(strict_types=1);

namespace Tourniquet\Record;

/** Where lines go. */
interface Spooling
{
    /**
     * Appends lines, all or none, in order; never throws. False when they could not be kept: they are counted, and told as
     * `lines-lost` once there is room again.
     *
     * @param list<string> $lines one JSON object each, at most 48 KiB, without line feeds
     * @param bool $lasting whether they must outlast a loss of power before this returns
     */
    public function append(array $lines, bool $lasting): bool;

    /** Asks for shipping after the response instead of at the next turn. */
    public function hurry(): void;
}
