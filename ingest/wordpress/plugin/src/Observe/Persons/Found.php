<?php

declare(strict_types=1);

namespace Tourniquet\Observe\Persons;

use Tourniquet\Record\Subjects;

/** What a read showed: persons, how many records, which named fields. Holds identifiers in memory only. */
final class Found
{
    private const MOST_FIELDS = 64;
    private const MOST_NAMES = 1000;

    private ?\WP_User $account;
    private Subjects $others;
    private Subjects $own;
    /** Counted once; null when somebody came since. */
    private ?int $foreign = null;
    /** @var array<string, string> name to data class */
    private array $fields = [];
    /** @var array<array-key, true> names asked for already */
    private array $names = [];
    private int $records = 0;
    private bool $hasCanary = false;
    /** @var array{int, int}|null the site read from and the one the request belongs to, of a network */
    private ?array $blogs = null;

    /** `$account`: who reads; data that belongs to this account is not foreign to it. */
    public function __construct(?\WP_User $account)
    {
        $this->account = $account;
        $this->others = new Subjects();
        $this->own = new Subjects();
    }

    /** `$type`: `customer`, `user`, `contact` or `patient`; `$own`: it is the reader's by another way than the account. */
    public function person(string $type, string $email, int $userId = 0, string $country = '', bool $own = false): self
    {
        $mine = $own || ($this->account !== null && $userId > 0 && $userId === (int) $this->account->ID);
        $to = $mine ? $this->own : $this->others;
        $this->foreign = null;
        if ($email !== '') {
            $to->add($type, 'email', $email, strtoupper($country));
        } elseif ($userId > 0) {
            $to->add($type, 'text', 'user:' . $userId, strtoupper($country));
        }
        if (function_exists('ms_is_switched') && ms_is_switched()) {
            $this->blogs = [get_current_blog_id(), (int) ($GLOBALS['_wp_switched_stack'][0] ?? 0)];
        }
        return $this;
    }

    public function user(\WP_User $user, string $type = 'user'): self
    {
        return $this->person($type, (string) $user->user_email, (int) $user->ID);
    }

    /** Names that the vocabulary does not know are not kept. */
    public function saw(string ...$names): self
    {
        foreach ($names as $name) {
            $this->sawOne($name);
        }
        return $this;
    }

    /**
     * The names of a row's values that are not empty.
     *
     * @param array<mixed> $row
     */
    public function sawRow(array $row): self
    {
        foreach ($row as $name => $value) {
            if (!isset($this->names[$name]) && is_scalar($value) && (string) $value !== '') {
                $this->sawOne((string) $name);
            }
        }
        return $this;
    }

    private function sawOne(string $name): void
    {
        if (isset($this->names[$name]) || count($this->names) >= self::MOST_NAMES) {
            return;
        }
        $this->names[$name] = true;
        $known = count($this->fields) < self::MOST_FIELDS ? Vocabulary::of($name) : null;
        if ($known !== null) {
            $this->fields[$known[0]] = $known[1];
        }
    }

    /** An order that was planted: nobody has a reason to read it. */
    public function canary(): self
    {
        $this->hasCanary = true;
        return $this;
    }

    public function counted(int $records): self
    {
        $this->records += $records;
        return $this;
    }

    public function subjects(): Subjects
    {
        return (new Subjects())->merge($this->others)->merge($this->own);
    }

    /** Persons other than the account that reads. */
    public function foreign(): int
    {
        return $this->foreign ??= $this->others->othersThan($this->account);
    }

    public function count(): int
    {
        return $this->subjects()->count();
    }

    public function records(): int
    {
        return max($this->records, $this->count());
    }

    /** @return list<string> */
    public function classes(): array
    {
        $classes = array_values(array_unique(array_filter($this->fields)));
        sort($classes);
        return $classes;
    }

    /** @return array<string, mixed> by dotted names */
    public function fields(): array
    {
        $names = array_keys($this->fields);
        sort($names);
        return array_filter([
            'wordpress.data.classes' => $this->classes(),
            'wordpress.data.fields' => $names,
            'wordpress.data.records' => $this->records() ?: null,
            'woocommerce.order.canary' => $this->hasCanary ? true : null,
            'wordpress.blog.id' => $this->blogs[0] ?? null,
            'wordpress.blog.switched_from' => $this->blogs[1] ?? null,
        ], static fn($value): bool => $value !== null && $value !== []);
    }
}
