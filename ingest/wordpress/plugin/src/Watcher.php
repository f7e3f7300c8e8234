<?php

declare(strict_types=1);

namespace Tourniquet;

use Tourniquet\Observe\Persons\Reading;
use Tourniquet\Record\Journal;

/** An observer and what it needs: the journal it tells, the settings it heeds, what the site remembers. */
abstract class Watcher implements Observer
{
    protected Journal $journal;
    protected Settings $settings;
    protected Memory $memory;
    private ?Reading $reading = null;

    public function __construct(Journal $journal, Settings $settings, Memory $memory)
    {
        $this->journal = $journal;
        $this->settings = $settings;
        $this->memory = $memory;
    }

    /** For those that tell of persons who were read. */
    protected function reading(): Reading
    {
        return $this->reading ??= new Reading($this->journal, $this->memory);
    }
}
