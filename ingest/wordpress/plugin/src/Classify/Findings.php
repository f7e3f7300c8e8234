<?php

declare(strict_types=1);

namespace Tourniquet\Classify;

use Tourniquet\Record\Subjects;
use Tourniquet\Record\Tokens;

/** What a text holds, for an event: classes, and the persons named in it. */
final class Findings
{
    /** @var list<string> names in order, without `unknown` */
    public array $classes = [];
    /** Whether a part of the text could not be looked at. */
    public bool $isUnread = false;
    /** @var array<string, array{string, string}> kind and identifier of each person, by its normal form */
    private array $persons = [];

    public static function of(string $text): self
    {
        $findings = new self();
        $others = [];
        foreach ($text === '' ? [] : Content::spans($text) as ['start' => $start, 'length' => $length, 'class' => $class, 'kind' => $kind]) {
            if ($class === Content::UNKNOWN) {
                $findings->isUnread = true;
                continue;
            }
            $findings->classes[$class] = $class;
            if ($kind !== '') {
                $identifier = substr($text, $start, $length);
                $key = $kind . "\n" . Tokens::normalise($kind, $identifier);
                if ($class === 'pii.email') {
                    $findings->persons[$key] = [$kind, $identifier];
                } else {
                    $others[$class][$key] = [$kind, $identifier];
                }
            }
        }
        // Telephone and record numbers are mostly those of the persons whose addresses stand beside them.
        foreach ($others as $named) {
            $findings->persons = count($named) > count($findings->persons) ? $named + $findings->persons : $findings->persons;
        }
        ksort($findings->classes);
        $findings->classes = array_values($findings->classes);
        return $findings;
    }

    /**
     * The same but these classes; persons stay.
     *
     * @param list<string> $classes
     */
    public function except(array $classes): self
    {
        $this->classes = array_values(array_diff($this->classes, $classes));
        return $this;
    }

    public function merge(self $others): self
    {
        $this->classes = array_values(array_unique(array_merge($this->classes, $others->classes)));
        sort($this->classes);
        $this->isUnread = $this->isUnread || $others->isUnread;
        $this->persons += $others->persons;
        return $this;
    }

    /** Those who are in neither of the others. */
    public function without(self $others): self
    {
        $rest = new self();
        $rest->persons = array_diff_key($this->persons, $others->persons);
        return $rest;
    }

    public function subjects(string $type = 'contact'): Subjects
    {
        $subjects = new Subjects();
        foreach ($this->persons as [$kind, $identifier]) {
            $subjects->add($type, $kind, $identifier);
        }
        return $subjects;
    }

    public function count(): int
    {
        return count($this->persons);
    }

    /** @return array<string, mixed> what an event says of it, by dotted names */
    public function fields(): array
    {
        return [
            'wordpress.data.classes' => $this->classes,
            'wordpress.data.records' => $this->count() > 0 ? $this->count() : null,
            'wordpress.data.unread' => $this->isUnread ?: null,
        ];
    }
}
