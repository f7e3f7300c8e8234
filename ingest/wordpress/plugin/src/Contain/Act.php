<?php

declare(strict_types=1);

namespace Tourniquet\Contain;

/** One kind of command: what it may be done to, how it is done and taken back. All are given the command's target. */
interface Act
{
    /** `wordpress.target.kind` of what it is done to. */
    public function kind(): string;

    /** `wordpress.target.name`: the target as the log names it. */
    public function named(string $target): string;

    /** Why it must not be done, as one word; null when it may. Changes nothing. */
    public function refusal(string $target): ?string;

    /**
     * Does it; done twice it does no more. What throws was not done.
     *
     * @return array<string, mixed>|null what `end` and `enforce` need, to be kept as long as the measure is in force; null when
     *         nothing stays in force
     */
    public function begin(string $target): ?array;

    /**
     * Takes it back. Done twice it does no more.
     *
     * @param array<string, mixed> $kept
     */
    public function end(array $kept): void;

    /**
     * Adds the hooks that hold it up, on each request while it is in force.
     *
     * @param array<string, mixed> $kept
     */
    public function enforce(array $kept, Hold $hold): void;
}
