<?php

declare(strict_types=1);

namespace Tourniquet;

/** Something that watches through WordPress's own hooks. What its callbacks throw never reaches the page: see `Guarded`. */
interface Observer
{
    /**
     * Adds the hooks, by `Guarded::action`, `filter` and `look` alone. Does nothing else: it runs at the start of a request, or in
     * the midst of it, when one of its hooks fires first (`Asleep`).
     */
    public function register(): void;
}
