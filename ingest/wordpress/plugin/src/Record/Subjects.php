<?php

declare(strict_types=1);

namespace Tourniquet\Record;

/**
 * The persons whose data an act touches. Identifiers stay in memory until the act is recorded, which turns them into
 * tokens; one person added twice counts once.
 */
final class Subjects
{
    /** @var array<string, array{string, string, string, string}> type, kind, identifier, jurisdiction */
    private array $persons = [];

    /**
     * `$kind`: how the identifier is normalised (`email`, `phone`, `digits`, `alphanumeric`, `text`);
     * `$jurisdiction`: ISO 3166-1 alpha-2, or empty.
     */
    public function add(string $type, string $kind, string $identifier, string $jurisdiction = ''): self
    {
        if (trim($identifier) !== '') {
            $this->persons[$kind . "\n" . $identifier] = [$type, $kind, $identifier, $jurisdiction];
        }
        return $this;
    }

    /** An account: by its e-mail address, or by its number where it has none. */
    public function user(\WP_User $user, string $type = 'user'): self
    {
        return $user->user_email !== '' ? $this->add($type, 'email', $user->user_email) : $this->add($type, 'text', 'user:' . $user->ID);
    }

    /** Whoever an order or a form entry is about; `$userId` counts where there is no address. */
    public function customer(string $email, int $userId = 0, string $country = ''): self
    {
        if ($email !== '') {
            return $this->add('customer', 'email', $email, $country);
        }
        return $userId > 0 ? $this->add('customer', 'text', 'user:' . $userId, $country) : $this;
    }

    public function merge(self $others): self
    {
        $this->persons += $others->persons;
        return $this;
    }

    public function count(): int
    {
        return count($this->persons);
    }

    /** How many of these are somebody else than the account. */
    public function othersThan(?\WP_User $account): int
    {
        if ($account === null) {
            return count($this->persons);
        }
        $own = [];
        foreach ((new self())->user($account)->persons as [, $kind, $identifier]) {
            $own[] = Tokens::normalise($kind, $identifier);
        }
        $own[] = 'user:' . $account->ID;
        return count(array_filter($this->persons, static fn(array $p): bool => !in_array(Tokens::normalise($p[1], $p[2]), $own, true)));
    }

    /** @return list<array{type: string, token: string, jurisdiction?: string}> */
    public function tokens(Tokens $tokens): array
    {
        $found = [];
        foreach ($this->persons as [$type, $kind, $identifier, $jurisdiction]) {
            $token = $tokens->of($kind, $identifier);
            $found[$token] = ['type' => $type, 'token' => $token] + (preg_match('/^[A-Z]{2}\z/', $jurisdiction) === 1 ? ['jurisdiction' => $jurisdiction] : []);
        }
        return array_values($found);
    }
}
